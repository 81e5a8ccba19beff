"""Lengths of time and the browser's clock."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from lms.player.rules.message import Message, done_at, taken_at
from lms.player.rules.times import SLACK, as_timespan, corrected, credible, timespan

STARTED = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
NOW = STARTED + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:00", 0),
        ("0000:01:05.50", 65.5),
        ("9999:99:99.99", 9999 * 3600 + 99 * 60 + 99.99),
        ("0:01:05", None),
        ("00:01", None),
        ("PT65S", None),
        ("00:01:05.123", None),
        ("-0:01:05", None),
        ("", None),
    ],
)
def test_a_timespan_is_read_as_scorm_writes_it(text, seconds):
    assert timespan(text) == seconds


@pytest.mark.parametrize("seconds", [0, 0.01, 59.99, 65.5, 3599.996, 3600, 360_000])
def test_a_timespan_is_written_so_that_it_is_read_again(seconds):
    assert timespan(as_timespan(seconds)) == pytest.approx(seconds, abs=0.005)


def test_more_hours_than_four_digits_are_the_most_that_can_be_written():
    assert as_timespan(1e9) == "9999:00:00.00"


def test_a_session_cannot_have_lasted_longer_than_the_wall_shows():
    at = STARTED + timedelta(minutes=5)
    assert credible(200, STARTED, at) == 200
    assert credible(36_000, STARTED, at) == 300 + SLACK
    assert credible(-5, STARTED, at) == 0


def milliseconds(moment: datetime) -> float:
    return moment.timestamp() * 1000


@pytest.mark.parametrize("wrong_by", [timedelta(0), timedelta(days=-4000), timedelta(days=300)])
def test_a_wrong_clock_in_the_browser_does_not_matter(wrong_by):
    ago = timedelta(minutes=10)
    at = corrected(
        milliseconds(NOW + wrong_by - ago), milliseconds(NOW + wrong_by), server_now=NOW, started=STARTED
    )
    assert at == NOW - ago


@pytest.mark.parametrize(
    ("ago", "expected"),
    [(timedelta(hours=-5), NOW), (timedelta(days=2), STARTED), (timedelta(days=900_000), STARTED)],
)
def test_nothing_happened_in_the_future_or_before_the_session(ago, expected):
    at = milliseconds(NOW) - ago.total_seconds() * 1000
    assert corrected(at, milliseconds(NOW), server_now=NOW, started=STARTED) == expected


HOURS = timedelta(hours=1)


@pytest.mark.parametrize("wrong_by", [timedelta(0), timedelta(days=1), timedelta(days=-1)])
@pytest.mark.parametrize("right_when_sent", [True, False])
@pytest.mark.parametrize("slept", [timedelta(0), 1 * HOURS])
def test_a_clock_that_was_set_right_before_what_waited_was_sent_does_not_matter(
    wrong_by, right_when_sent, slept
):
    """Opened at eight, completed at ten, sent at noon."""
    done, sent = STARTED + 2 * HOURS, STARTED + 4 * HOURS
    message = Message(
        session=uuid4(),
        seq=1,
        at=milliseconds(done + wrong_by),
        now=milliseconds(sent if right_when_sent else sent + wrong_by),
        visible=0,
        end=None,
        cmi={},
        done=milliseconds(done + wrong_by - HOURS),
        since=2 * HOURS / timedelta(milliseconds=1),
        awake=(2 * HOURS - slept) / timedelta(milliseconds=1),
    )
    at = taken_at(message, server_now=sent, started=STARTED)
    assert at == done
    assert done_at(message, at, started=STARTED) == done - HOURS


def test_a_clock_that_was_set_while_the_lesson_was_open_does_not_matter_either():
    done, sent, day = STARTED + 2 * HOURS, STARTED + 4 * HOURS, timedelta(days=1)
    message = Message(
        session=uuid4(),
        seq=1,
        at=milliseconds(done),
        now=milliseconds(sent),
        visible=0,
        end=None,
        cmi={},
        since=(2 * HOURS + day) / timedelta(milliseconds=1),
        awake=2 * HOURS / timedelta(milliseconds=1),
    )
    assert taken_at(message, server_now=sent, started=STARTED) == done
