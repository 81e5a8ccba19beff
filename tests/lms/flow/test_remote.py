"""What a remote store's answers amount to; no database, no network."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from lms.core.clock import utc_now
from lms.flow.outcomes import Kind, Outcome, Trouble
from lms.flow.remote import LONGEST_ANSWER, Remote
from lms.flow.transport import Answer, Failed
from tests.lms.flow.fakes import ENDPOINT, MORNING, FakeStore, answer, statement


@pytest.fixture
def there() -> FakeStore:
    return FakeStore()


@pytest.fixture
def remote(there: FakeStore) -> Remote:
    return Remote(ENDPOINT, key="k", secret="s", version="1.0.3", inside=False, send=there)


def trouble(there: FakeStore, remote: Remote, given: Answer, *, sending: bool = False) -> Trouble:
    there.then(given)
    found = (remote.store([b"{}"]) if sending else remote.page({})).trouble
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("status", "reading", "sending"),
    [
        (400, Kind.ODD, Kind.REFUSED),
        (401, Kind.DENIED, Kind.DENIED),
        (403, Kind.DENIED, Kind.DENIED),
        (404, Kind.ODD, Kind.ODD),
        (405, Kind.ODD, Kind.ODD),
        (409, Kind.ODD, Kind.REFUSED),
        (413, Kind.ODD, Kind.REFUSED),
        (418, Kind.ODD, Kind.ODD),
        (422, Kind.ODD, Kind.REFUSED),
        (429, Kind.BUSY, Kind.BUSY),
        (500, Kind.BROKEN, Kind.BROKEN),
        (503, Kind.BUSY, Kind.BUSY),
        (301, Kind.ODD, Kind.ODD),
    ],
)
def test_what_a_status_means(there: FakeStore, remote: Remote, status: int, reading: Kind, sending: Kind):
    found = trouble(there, remote, answer(status, b"why"))
    assert (found.kind, found.status, found.answer) == (reading, status, "why")
    assert trouble(there, remote, answer(status), sending=True).kind == sending
    assert str(found)


def test_a_redirect_is_told_and_not_followed(there: FakeStore, remote: Remote):
    found = trouble(there, remote, answer(302, Location="http://10.0.0.1/admin"))
    assert "“http://10.0.0.1/admin”" in str(found)
    assert len(there.asked) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7200", 7200), ("0", 0), ("-5", 0), ("1e9", 86400), ("nan", None), ("soon", None), (None, None)],
)
def test_when_a_busy_store_wants_to_be_asked_again(
    there: FakeStore, remote: Remote, said: str | None, seconds: float | None
):
    headers = {"Retry_After": said} if said else {}
    assert trouble(there, remote, answer(429, **headers)).pause == seconds


def test_it_may_say_that_by_a_date(there: FakeStore, remote: Remote):
    until = format_datetime(utc_now() + timedelta(hours=1), usegmt=True)
    pause = trouble(there, remote, answer(503, Retry_After=until)).pause
    assert pause is not None
    assert 3500 < pause <= 3600


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b'"statements"', b"[]", b"{}", b'{"statements": {}}', b"\xff\xfe"),
        *(b'{"statements":[]', b'{"statements": [NaN]}', b'{"statements": [], "more": 7}'),
    ],
)
def test_an_answer_that_no_record_store_gives(there: FakeStore, remote: Remote, body: bytes):
    found = trouble(there, remote, answer(200, body))
    assert (found.kind, found.status) == (Kind.ODD, 200)


def test_what_it_said_is_cut_short_and_fit_for_every_database(there: FakeStore, remote: Remote):
    found = trouble(there, remote, answer(500, b"\0\xff" + b"x" * 100_000))
    assert found.answer is not None
    assert len(found.answer) == LONGEST_ANSWER
    assert found.answer.startswith(" �x")


@pytest.mark.parametrize("more", ["https://evil.example.org/x", "//evil.example.org/x", "file:///etc/passwd"])
def test_a_next_page_elsewhere_is_blocked(there: FakeStore, remote: Remote, more: str):
    found = trouble(there, remote, answer(body={"statements": [], "more": more}))
    assert found.kind == Kind.BLOCKED
    assert found.hopeless


@pytest.mark.parametrize(
    ("more", "address"),
    [
        ("/xapi/statements?more=a b", f"{ENDPOINT}statements?more=a%20b"),
        ("statements?more=1", f"{ENDPOINT}statements?more=1"),
        (f"{ENDPOINT}statements?more=1%202", f"{ENDPOINT}statements?more=1%202"),
        ("https://LRS.example.org:443/elsewhere", "https://LRS.example.org:443/elsewhere"),
        ("/xapi/thêm", "https://lrs.example.org/xapi/th%C3%AAm"),
        ("", None),
        (None, None),
    ],
)
def test_where_the_next_page_is(there: FakeStore, remote: Remote, more: str | None, address: str | None):
    there.then(answer(body={"statements": [], "more": more}))
    page = remote.page({}).value
    assert page is not None
    assert page.more == address


def test_a_store_that_says_nothing_of_the_next_page_has_none(there: FakeStore, remote: Remote):
    there.then(answer(body={"statements": []}))
    page = remote.page({}).value
    assert page is not None
    assert page.more is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X_Experience_API_Consistent_Through": "2026-03-02T08:00:00+07:00"}, MORNING),
        ({"Date": "Mon, 02 Mar 2026 01:00:00 GMT"}, MORNING),
        (
            {
                "X_Experience_API_Consistent_Through": "2999-01-01T00:00:00Z",
                "Date": "Mon, 02 Mar 2026 01:00:00 GMT",
            },
            MORNING,
        ),
        ({"X_Experience_API_Consistent_Through": "always", "Date": "Mon, 02 Mar 2026 01:00:00 GMT"}, MORNING),
    ],
)
def test_until_when_a_store_is_consistent(there: FakeStore, remote: Remote, headers, expected: datetime):
    there.then(answer(body={"statements": []}, **headers))
    page = remote.page({}).value
    assert page is not None
    assert page.through == expected


def test_without_a_word_from_it_our_clock_tells(there: FakeStore, remote: Remote):
    there.then(answer(body={"statements": []}, Date="yesterday"))
    page = remote.page({}).value
    assert page is not None
    assert abs(page.through - datetime.now(UTC)) < timedelta(seconds=10)


def test_nothing_that_the_network_does_is_raised(there: FakeStore, remote: Remote):
    def fails(_request):
        raise Failed(Trouble(Kind.SLOW, "%(host)s did not answer in time.", {"host": "x"}))

    there.then(fails)
    found = remote.about().trouble
    assert found is not None
    assert (found.kind, str(found)) == (Kind.SLOW, "x did not answer in time.")


def test_versions_are_told(there: FakeStore, remote: Remote):
    assert remote.about().value == ["1.0.3"]
    assert there.asked[0].url == f"{ENDPOINT}about"


def test_credentials_and_words_in_any_letters(there: FakeStore):
    remote = Remote(ENDPOINT, key="hải", secret="phòng", version="2.0.0", inside=True, send=there)
    remote.statement(statement()["id"])
    (request,) = there.asked
    assert request.headers["Authorization"] == "Basic aOG6o2k6cGjDsm5n"
    assert request.headers["X-Experience-API-Version"] == "2.0.0"
    assert request.inside


def test_an_outcome_is_one_thing_or_the_other():
    with pytest.raises(ValueError, match="either"):
        Outcome()
    with pytest.raises(ValueError, match="either"):
        Outcome(1, Trouble(Kind.ODD, ""))
