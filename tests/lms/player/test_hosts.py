"""Packages on origins of their own: which host takes which key, and what becomes of the one from before."""

from dataclasses import replace

import pytest

from lms.core.doctor import examine
from lms.core.web.hosts import origins
from tests.lms.player.playing import content_browser

GENERAL = "http://127.0.0.1:8000"


@pytest.fixture
def apart(app, runtime):
    runtime.settings = replace(runtime.settings, content_url="http://127.{package}:8000")
    return runtime.settings


@pytest.fixture
def opened(apart, app, officer, course):
    """The address of a player page, in two parts."""
    address = officer.post("/learn/qr/L1").headers["Location"]
    with app.test_request_context():
        origin = origins().of(course.version.sha256)
    assert address.startswith(f"{origin}/play/")
    return origin, address.removeprefix(origin)


def test_a_page_opens_on_its_packages_host_alone(app, opened):
    origin, path = opened
    client = content_browser(app)
    assert client.get(path, base_url=origin).status_code == 200
    for elsewhere in ("http://127.9.9.9:8000", "http://localhost:8000"):
        assert client.get(path, base_url=elsewhere).status_code == 404
        assert client.post(f"{path}commit", base_url=elsewhere, data="{}").status_code == 404


def test_the_host_from_before_leads_there_and_still_takes_commits(app, opened):
    origin, path = opened
    client = content_browser(app)
    answer = client.get(path, base_url=GENERAL)
    assert (answer.status_code, answer.headers["Location"]) == (307, origin + path)
    assert client.post(f"{path}commit", base_url=GENERAL, data="{}").status_code == 400  # read, and no commit
    assert client.get("/deliver/", base_url=GENERAL).status_code == 200


def test_no_package_reads_how_busy_the_house_is(app, opened):
    client = content_browser(app)
    assert client.get("/metrics", base_url=opened[0]).status_code == 404
    for address in (GENERAL, "http://localhost:8000"):
        assert client.get("/metrics", base_url=address).status_code == 200


def test_browsers_are_told_of_the_host_from_before(officer, opened):
    assert officer.get("/learn/waiting").get_json()["former"] == GENERAL


def test_the_doctor_says_whether_packages_are_apart(runtime, apart):
    def said():
        return next(found for found in examine(runtime) if found.check == "content origin")

    assert (said().ok, "origin of its own" in said().say) == (True, True)
    runtime.settings = replace(runtime.settings, content_url=GENERAL)
    assert (said().ok, "all packages share it" in said().say) == (True, True)
    runtime.settings = replace(runtime.settings, content_url=runtime.settings.public_url)
    assert not said().ok
