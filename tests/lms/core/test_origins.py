"""Where packages run."""

import pytest

from lms.core.origins import Origins
from lms.settings import WrongSetting, read_settings

SHA, OTHER = "ab" * 32, "cd" * 32
LOCAL = Origins("http://127.{package}:8000", "http://localhost:8000")
NAMED = Origins("https://{package}.bai.example.vn", "https://hoc.example.vn", "https://bai.example.vn")
SHARED = Origins("https://bai.example.vn", "https://hoc.example.vn")


def test_each_package_has_an_origin_made_of_its_hash():
    assert NAMED.of(SHA) == f"https://{'ab' * 16}.bai.example.vn"
    assert LOCAL.of(SHA) == "http://127.172.171.172:8000"
    assert SHARED.of(SHA) == SHARED.of(OTHER) == "https://bai.example.vn"


@pytest.mark.parametrize("sha256", ["0" * 64, "f" * 64, "0000010000", "fdfffe"])
def test_a_loopback_address_of_a_package_is_never_the_general_one_nor_the_last_or_first(sha256):
    numbers = [int(part) for part in LOCAL.of(sha256).partition("://")[2].partition(":")[0].split(".")]
    assert numbers[0] == 127
    assert 1 <= numbers[1] <= 254
    assert 1 <= numbers[3] <= 254


@pytest.mark.parametrize(
    ("origins", "host", "content"),
    [
        (NAMED, f"{'ab' * 16}.bai.example.vn", True),
        (NAMED, "bai.example.vn", True),
        (NAMED, "hoc.example.vn", False),
        (NAMED, "ab.bai.example.vn", False),
        (NAMED, f"x.{'ab' * 16}.bai.example.vn", False),
        (NAMED, f"{'ab' * 16}.bai.example.vn.evil.vn", False),
        (NAMED, f"{'ab' * 16}xbai.example.vn", False),
        (LOCAL, "127.1.2.3:8000", True),
        (LOCAL, "127.0.0.1:8000", True),
        (LOCAL, "127.1.2.3:9000", False),
        (LOCAL, "127.1.2.3.evil.vn:8000", False),
        (LOCAL, "localhost:8000", False),
        (SHARED, "bai.example.vn", True),
        (SHARED, "hoc.example.vn", False),
        (SHARED, "other.vn", False),
        (Origins("https://hoc.vn", "https://hoc.vn"), "hoc.vn", False),
    ],
)
def test_hosts_of_content_are_told_from_all_others(origins, host, content):
    assert origins.is_content(host) is content


@pytest.mark.parametrize(
    ("origins", "origin", "ours"),
    [
        (NAMED, f"https://{'ab' * 16}.bai.example.vn", True),
        (NAMED, f"http://{'ab' * 16}.bai.example.vn", False),
        (NAMED, "https://bai.example.vn", True),
        (NAMED, "https://hoc.example.vn", False),
        (NAMED, f"https://{'ab' * 16}.bai.example.vn/", False),
        (NAMED, f"https://evil.vn#{'ab' * 16}.bai.example.vn", False),
        (NAMED, f"javascript://{'ab' * 16}.bai.example.vn", False),
        (SHARED, "https://bai.example.vn", True),
        (Origins("https://hoc.vn", "https://hoc.vn"), "https://hoc.vn", True),
        (SHARED, "", False),
    ],
)
def test_origins_on_which_lessons_run_are_told_from_all_others(origins, origin, ours):
    assert origins.runs(origin) is ours


def test_a_policy_can_name_them_all():
    assert NAMED.sources == "https://*.bai.example.vn https://bai.example.vn"
    assert LOCAL.sources == "http://*:8000 http://127.0.0.1:8000"
    assert SHARED.sources == "https://bai.example.vn"


def read(tmp_path, **given):
    return read_settings({"LMS_DATA": str(tmp_path), **given}, dotenv=None)


@pytest.mark.parametrize(
    ("platform", "given", "expected"),
    [
        ("linux", {}, "http://127.{package}:8000"),
        ("linux", {"LMS_PUBLIC_URL": "http://localhost:8000"}, "http://127.{package}:8000"),
        ("linux", {"LMS_HOST": "127.0.0.1"}, "http://127.0.0.1:8000"),
        ("linux", {"LMS_PUBLIC_URL": "https://hoc.vn"}, "http://127.0.0.1:8000"),
        ("darwin", {}, "http://127.0.0.1:8000"),
    ],
)
def test_by_default_packages_are_apart_where_every_loopback_address_is_this_machine(
    tmp_path, monkeypatch, platform, given, expected
):
    monkeypatch.setattr("sys.platform", platform)
    assert read(tmp_path, **given).content_url == expected


@pytest.mark.parametrize(
    "address", ["https://bai.vn/{package}", "https://bai.{package}.vn", "https://{x}.bai.vn"]
)
def test_a_place_where_no_name_can_stand_is_refused(tmp_path, address):
    with pytest.raises(WrongSetting, match="LMS_CONTENT_URL"):
        read(tmp_path, LMS_CONTENT_URL=address)
