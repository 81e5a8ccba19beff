"""What units said without a network arrives by the door for it, once, as of when it was (docs/cmi5.md)."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from lms.cmi5.models import LateRequest, Launch, Outcome
from lms.cmi5.services.ending import abandon
from lms.core.vocabulary import iris
from lms.player.models import Attempt
from tests.lms.cmi5.devices import device_of, outcome
from tests.lms.player.playing import statements, verbs

HOUR = timedelta(hours=1)


@pytest.fixture
def device(app, speaker):
    """Of a unit that has its key, and has said nothing yet."""
    return device_of(app, speaker)


def begun_hours_ago(database, hours: int) -> datetime:
    """Put the beginning of the session back; when it began."""
    with database.transaction() as session:
        launch = session.query(Launch).one()
        launch.started -= hours * HOUR
        launch.expires -= hours * HOUR
        return launch.started


def abandon_all(database, settings) -> None:
    with database.transaction() as session:
        for launch in session.query(Launch).filter(Launch.ended.is_(None)):
            abandon(session, launch, settings=settings)


def test_a_session_that_went_on_without_a_network_arrives_with_its_times_when_it_was_given_up(
    device, database, settings, officer
):
    begun = begun_hours_ago(database, 30)
    abandon_all(database, settings)
    device.ago, device.speaker.now = timedelta(hours=26), datetime.now(UTC) - timedelta(hours=26)
    told = device.say("initialized", "passed", "completed", "terminated")
    assert told == ["taken"] * 4
    with database.snapshot() as session:
        assert verbs(session) == [
            *("launched", "initialized", "passed", "completed", "satisfied", "satisfied", "terminated"),
            "voided",  # that it was abandoned
        ]
        attempt, launch = session.query(Attempt).one(), session.query(Launch).one()
        done = datetime.now(UTC) - timedelta(hours=26)
        assert attempt.completion
        assert abs(attempt.completed_at - done) < timedelta(minutes=1)
        assert launch.ending == "terminated"
        assert launch.ended - begun < timedelta(hours=5)
        satisfied = [one for one in statements(session) if one["verb"]["id"] == iris.SATISFIED]
        assert all(datetime.fromisoformat(one["timestamp"]) < done + HOUR for one in satisfied)


def test_delivering_twice_changes_nothing(device, database):
    said = device.speaker.statement("initialized")
    kept = device.kept("PUT", "statements", {"statementId": said["id"]}, said)
    batch = [device.speaker.statement("experienced"), device.speaker.statement("experienced")]
    posted = device.kept("POST", "statements", {}, batch)
    for _time in range(2):
        assert outcome(device.deliver(kept)) == "taken"
        assert outcome(device.deliver(posted)) == "taken"
    assert device.put(said) == "taken", "its first answer was lost, and so it was kept again"
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "experienced", "experienced"]


def test_what_another_device_reached_meanwhile_is_not_said_twice_but_kept(
    device, database, officer, open_unit, app
):
    device.say("initialized")
    mine = device.speaker.statement("passed")
    failed = device.speaker.statement("failed")
    device.speaker.now += timedelta(milliseconds=1)
    other = open_unit(officer).start()
    other.now = device.speaker.now + timedelta(seconds=1)
    other.say("initialized", "passed")
    assert device.put(mine) == "refused"
    assert device.put(failed) == "taken", "it was failed here before it was passed there"
    assert device.say("experienced", "terminated") == ["taken", "taken"]
    with database.snapshot() as session:
        kept = session.query(LateRequest).filter_by(outcome=Outcome.REFUSED).one()
        assert "passed" in kept.what
        assert UUID(mine["id"]).hex.encode() in kept.content.replace(b"-", b"")
        assert kept.reason
        assert verbs(session).count("passed") == 1
        assert session.query(Attempt).one().success


def test_states_that_a_later_session_wrote_stay_as_they_are(device, database, officer, open_unit, app):
    device.speaker.state("bookmark", "PUT", json={"page": 1})
    seen = device.speaker.state("bookmark").headers["ETag"].strip('"')
    assert device.state("bookmark", {"page": 5}, seen=seen) == "taken"
    other = open_unit(officer).start()
    assert other.state("bookmark").get_json() == {"page": 5}
    assert device.state("bookmark", {"page": 6}, seen=seen) == "taken", "it was ours until now"
    assert device.state("notes", {"a": 1}, "POST") == "taken"
    assert device.state("notes", {"b": 2}, "POST") == "taken"
    assert other.state("notes").get_json() == {"a": 1, "b": 2}
    other.state("bookmark", "PUT", json={"page": 9})
    other.state("notes", "DELETE")
    assert device.state("bookmark", {"page": 7}, seen=seen) == "overtaken"
    assert device.state("bookmark", b"", "DELETE", seen=seen) == "overtaken"
    assert device.state("notes", {"c": 3}, "POST") == "overtaken"
    assert other.state("bookmark").get_json() == {"page": 9}
    with database.snapshot() as session:
        kept = session.query(LateRequest).filter_by(outcome=Outcome.OVERTAKEN).all()
        assert {one.content for one in kept} >= {b'{"page": 7}', b'{"c": 3}'}
        assert all("bookmark" in one.what or "notes" in one.what for one in kept)


def test_preferences_are_written_unless_they_were_changed_later(device):
    mine, later = ({"languagePreference": tag, "audioPreference": "off"} for tag in ("en", "vi"))
    about = {name: value for name, value in device.about("").items() if name == "agent"}
    query = about | {"profileId": "cmi5LearnerPreferences"}
    seen = device.speaker.preferences().headers["ETag"]
    old = device.kept("PUT", "agents/profile", query, mine, seen=seen.strip('"'))
    assert outcome(device.deliver(old)) == "taken"
    tag = device.speaker.preferences().headers["ETag"]
    device.speaker.preferences("PUT", json=later, headers={"If-Match": tag})
    device.ago = timedelta(minutes=1)
    assert outcome(device.deliver(device.kept("PUT", "agents/profile", query, mine))) == "overtaken"
    assert device.speaker.preferences().get_json() == later
    assert outcome(device.deliver(device.kept("PUT", "agents/profile", query, {"no": "such"}))) == "refused"


def test_a_file_that_came_with_a_statement_arrives_with_it(device):
    device.say("initialized")
    content = b"a drawing"
    digest = sha256(content).hexdigest()
    said = device.speaker.statement("experienced")
    said["attachments"] = [
        {
            "usageType": "http://example.org/drawing",
            "display": {"vi": "Tranh"},
            "contentType": "text/plain",
            "length": len(content),
            "sha2": digest,
        }
    ]
    mixed = b"\r\n".join(
        [
            *(b"--cut", b"Content-Type: application/json", b"", json.dumps(said).encode()),
            *(b"--cut", b"Content-Type: text/plain", b"Content-Transfer-Encoding: binary"),
            *(f"X-Experience-API-Hash: {digest}".encode(), b"", content, b"--cut--", b""),
        ]
    )
    kept = device.kept("POST", "statements", {}, mixed, type="multipart/mixed; boundary=cut")
    assert outcome(device.deliver(kept)) == "taken"


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_that_is_wrong_does_not_change_when_it_was(device, database, ahead):
    begun_hours_ago(database, 5)
    device.wrong, device.ago = ahead, 2 * HOUR
    device.speaker.now = datetime.now(UTC) + ahead - 2 * HOUR
    assert device.say("initialized", "passed", "completed", "terminated") == ["taken"] * 4
    with database.snapshot() as session:
        done = session.query(Attempt).one().completed_at
        assert abs(done - (datetime.now(UTC) - 2 * HOUR)) < timedelta(minutes=1)


def test_a_unit_that_is_over_or_wants_more_than_its_own_is_refused_and_kept(device, database):
    device.say("initialized")
    stranger = device.about("bookmark") | {"registration": str(uuid4())}
    kept = device.kept("PUT", "activities/state", stranger, {})
    refused = device.deliver(kept)
    assert (outcome(refused), outcome(device.deliver(kept))) == ("refused", "refused")
    assert refused.get_json()["error"]
    assert device.state("LMS.LaunchData", {}) == "refused"
    foreign = device.speaker.statement("experienced")
    foreign["context"]["registration"] = str(uuid4())
    assert device.put(foreign) == "refused"
    assert outcome(device.deliver(device.kept("PUT", "statements", {}, {}))) == "refused"
    assert outcome(device.deliver(device.kept("POST", "statements", {}, b"no JSON"))) == "refused"
    assert device.say("terminated", "experienced") == ["taken", "refused"]
    assert device.state("bookmark", {}) == "refused"
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "terminated"]
        assert session.query(LateRequest).filter_by(outcome=Outcome.REFUSED).count() == 7


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_no_device_keeps_is_not_let_in(device, database, monkeypatch, officer, open_unit, app):
    good = device.kept("POST", "statements", {}, [])
    for name, value in (
        ("id", "no id"), ("at", "yesterday"), ("now", True), ("method", "GET"), ("resource", "about"),
        ("body", "%"), ("version", "0.9"), ("seen", 5), ("query", None),
    ):  # fmt: skip
        assert device.deliver(good | {name: value}).status_code == 400, name
    assert device.deliver([]).status_code == 400
    assert device.deliver(good | {"method": "DELETE"}).status_code == 400
    monkeypatch.setattr("lms.cmi5.rules.late.LARGEST", 10)
    assert device.deliver(device.kept("POST", "statements", {}, b"x" * 11)).status_code == 413
    monkeypatch.undo()
    monkeypatch.setattr("lms.cmi5.services.late.MOST", 0)
    assert device.deliver(device.kept("POST", "statements", {}, b"[]")).status_code == 413
    monkeypatch.undo()
    monkeypatch.setattr("lms.cmi5.services.late.MOST_BYTES", 1)
    assert device.deliver(device.kept("POST", "statements", {}, b"[]")).status_code == 413
    monkeypatch.undo()
    key, device.key = device.key, "no-key"
    assert device.deliver(good).status_code == 403
    device.key = key
    unbegun = open_unit(officer)
    assert device_of(app, unbegun).deliver(good).status_code == 403, "nobody fetched its token"
    with database.snapshot() as session:
        assert session.query(LateRequest).count() == 0
        assert "initialized" not in verbs(session)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_expired_key_and_another_packages_host_are_refused(device, monkeypatch, import_course):
    good = device.kept("POST", "statements", {}, [])
    base, device.speaker.base = device.speaker.base, "http://127.9.9.9:8000"
    assert device.deliver(good).status_code == 404
    device.speaker.base = base
    monkeypatch.setattr("lms.player.tokens.utc_now", lambda: datetime.now(UTC) + timedelta(days=400))
    assert device.deliver(good).status_code == 401
