"""Which addresses may be entered, and which machines they may lead to; no network is asked."""

import socket

import pytest

from lms.core.errors import Refused
from lms.flow import addresses
from lms.flow.addresses import Blocked, machines, read_endpoint


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://lrs.example.vn/xapi", "https://lrs.example.vn/xapi/"),
        ("  https://LRS.Example.VN:443/xAPI/ ", "https://lrs.example.vn/xAPI/"),
        ("https://lrs.example.vn", "https://lrs.example.vn/"),
        ("https://lrs.example.vn:8443/a/b//", "https://lrs.example.vn:8443/a/b/"),
        ("https://học.example.vn/xapi", "https://xn--hc-68s.example.vn/xapi/"),
        ("https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x/"),
        ("https://lrs.example.vn/bài", "https://lrs.example.vn/b%C3%A0i/"),
    ],
)
def test_an_address_in_one_spelling(typed: str, kept: str):
    assert read_endpoint(typed, inside=False) == kept
    assert read_endpoint(kept, inside=False) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "not the address"),
        ("lrs.example.vn/xapi", "not the address"),
        ("ftp://lrs.example.vn/", "not the address"),
        ("file:///etc/passwd", "not the address"),
        ("https://", "not the address"),
        ("https://lrs.example.vn:99999/", "not the address"),
        ("https://lrs.example.vn/a b", "not the address"),
        ("https://lrs.example.vn/\r\nHost: x", "not the address"),
        ("https://lrs.example.vn\\@evil/", "not the address"),
        ("https://" + "a" * 1000, "not the address"),
        ("https://key:secret@lrs.example.vn/", "fields of their own"),
        ("https://key@lrs.example.vn/", "fields of their own"),
        ("https://lrs.example.vn/?a=b", "end with the path"),
        ("https://lrs.example.vn/#a", "end with the path"),
        ("http://lrs.example.vn/xapi", "https"),
    ],
)
def test_what_is_refused(typed: str, said: str):
    with pytest.raises(Refused, match=said):
        read_endpoint(typed, inside=False)


def test_http_is_for_ones_own_network():
    assert read_endpoint("http://lrs.local/xapi", inside=True) == "http://lrs.local/xapi/"


@pytest.fixture
def name(monkeypatch: pytest.MonkeyPatch):
    """What the name `lrs.example.vn` stands for."""

    def stands_for(*found: str) -> None:
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in found]
        monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_args, **_kwargs: answers)

    return stands_for


PUBLIC, ALSO_PUBLIC = "93.184.216.34", "2606:2800:220:1::1"
PRIVATE = [
    "10.1.2.3",
    "192.168.0.1",
    "172.16.0.1",
    "127.0.0.1",
    "::1",
    "fd00::1",
    "100.64.0.1",
    "::ffff:10.0.0.1",
]
NEVER = ["169.254.169.254", "fe80::1", "0.0.0.0", "224.0.0.1", "::", "::ffff:169.254.169.254"]


def test_public_machines_may_be_asked_by_https(name):
    name(PUBLIC, ALSO_PUBLIC, PUBLIC)
    found = machines("lrs.example.vn", 443, scheme="https", inside=False)
    assert found == [(PUBLIC, 443), (ALSO_PUBLIC, 443)]
    assert machines("lrs.example.vn", 443, scheme="https", inside=True) == found


@pytest.mark.parametrize("address", PRIVATE)
def test_private_machines_may_be_asked_only_where_that_was_said(name, address: str):
    name(address)
    with pytest.raises(Blocked, match="private network"):
        machines("lrs.example.vn", 443, scheme="https", inside=False)
    for scheme in ("http", "https"):
        assert machines("lrs.example.vn", 443, scheme=scheme, inside=True) == [(address, 443)]


@pytest.mark.parametrize("address", NEVER)
def test_some_machines_are_never_asked(name, address: str):
    name(address)
    for inside in (True, False):
        with pytest.raises(Blocked, match="never asked"):
            machines("lrs.example.vn", 443, scheme="https", inside=inside)


def test_one_bad_machine_among_good_ones_blocks_the_name(name):
    name(PUBLIC, "10.0.0.1")
    with pytest.raises(Blocked):
        machines("lrs.example.vn", 443, scheme="https", inside=False)


def test_without_https_nothing_leaves_ones_own_network(name):
    name(PUBLIC)
    with pytest.raises(Blocked, match="must begin with https"):
        machines("lrs.example.vn", 80, scheme="http", inside=True)
