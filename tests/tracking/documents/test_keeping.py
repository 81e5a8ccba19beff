"""Putting, merging, deleting and finding documents (xAPI 1.0.3 part 3, 2.2, 2.3)."""

from datetime import timedelta
from hashlib import sha1
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from tests.tracking.cast import NOON
from tracking.documents import services
from tracking.documents.errors import PreconditionFailed, TooLarge, Unconditional
from tracking.documents.places import Place, profile_of_activity, profile_of_agent, state_of
from tracking.documents.preconditions import Precondition, Tags
from tracking.documents.queries import document, listing
from tracking.errors import Refused
from tracking.statements.validation import Invalid

ACTIVITY = "https://example.org/lesson"
AGENT = "mbox:mailto:an@example.org"
STATES = state_of(ACTIVITY, AGENT)
HERE = STATES.place("bookmark")
FIRST, SECOND = UUID(int=1), UUID(int=2)
MINUTE = timedelta(minutes=1)

JSON = "application/json"
BINARY = bytes(range(256))


def keep(session: Session, place: Place, content: bytes = b"x", kind: str = "text/plain", **more):
    return services.put(session, place, content, kind, **more)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(BINARY, "application/octet-stream"), (b"", "text/plain"), (b"x" * 300_000, "image/png"),
     ("đọc tiếp".encode(), "text/plain; charset=utf-8"), (b'{"a": 1.10}', JSON)],
    ids=["binary", "empty", "large", "text", "json"],
)  # fmt: skip
def test_a_document_comes_back_byte_for_byte_with_its_type(session, content, kind):
    kept = keep(session, HERE, content, kind, now=NOON)
    found = document(session, HERE)
    assert found == kept
    assert (found.content, found.content_type, found.updated) == (content, kind, NOON)
    assert found.etag == sha1(content).hexdigest()


def test_places_that_differ_in_anything_are_different_documents(session):
    places = [
        HERE,
        STATES.place("bookmark", FIRST),
        STATES.place("bookmark", SECOND),
        STATES.place("Bookmark"),
        state_of(ACTIVITY + "/2", AGENT).place("bookmark"),
        state_of(ACTIVITY, "openid:https://an.example.org").place("bookmark"),
        profile_of_activity(ACTIVITY).place("bookmark"),
        profile_of_agent(AGENT).place("bookmark"),
        profile_of_agent(ACTIVITY).place("bookmark"),
    ]
    for number, place in enumerate(places):
        keep(session, place, b"%d" % number)
    assert [document(session, place).content for place in places] == [b"%d" % n for n in range(len(places))]


def test_long_identifiers_have_a_place_and_longer_ones_are_refused(session):
    long = "https://example.org/" + "x" * 1980
    place = state_of(long, "openid:" + long[:1990]).place("n" * 2000)
    keep(session, place)
    assert document(session, place)
    with pytest.raises(Refused, match="longer than 2000 bytes"):
        keep(session, STATES.place("n" * 2001))
    with pytest.raises(Refused, match="NUL"):
        keep(session, STATES.place("a\x00b"))


def test_putting_replaces_content_type_tag_and_time(session):
    keep(session, HERE, b"one", now=NOON)
    keep(session, HERE, b"{}", "application/json", now=NOON + MINUTE)
    found = document(session, HERE)
    assert (found.content, found.content_type, found.updated) == (b"{}", "application/json", NOON + MINUTE)


def test_what_is_said_to_be_json_must_be(session):
    with pytest.raises(Invalid, match="content: not JSON"):
        keep(session, HERE, b"{", "application/json; charset=utf-8")
    assert document(session, HERE) is None
    keep(session, HERE, b"[1]", "Application/JSON")


@pytest.mark.parametrize("kind", ["x" * 256, "text/\r\nplain", "văn/bản"])
def test_a_type_that_no_header_can_hold_is_refused(session, kind):
    with pytest.raises(Invalid, match="Content-Type"):
        keep(session, HERE, b"", kind)


def test_a_document_of_more_than_the_bound_is_refused_and_changes_nothing(session):
    keep(session, HERE, b'{"a":1}', "application/json", largest=10)
    with pytest.raises(TooLarge, match="more than 10 bytes"):
        keep(session, HERE, b"x" * 11, largest=10)
    with pytest.raises(TooLarge):
        services.merge(session, HERE, b'{"b":2}', "application/json", largest=10)
    assert document(session, HERE).content == b'{"a":1}'


def test_merging_puts_a_document_where_there_is_none(session):
    services.merge(session, HERE, b"any", "text/plain")
    assert document(session, HERE).content == b"any"


def test_merging_replaces_properties_whole_one_level_deep(session):
    """2.2.s7.b2: only top-level properties are merged."""
    keep(session, HERE, b'{"x":{"deep":1},"y":"bar","big":12345678901234567890123}', "application/json")
    services.merge(session, HERE, b'{ "x": {"other": 2}, "z": null }', "application/json; charset=utf-8")
    found = document(session, HERE)
    assert found.content == b'{"x":{"other": 2},"y":"bar","big":12345678901234567890123,"z":null}'
    assert found.content_type == "application/json"
    assert found.etag == sha1(found.content).hexdigest()


@pytest.mark.parametrize(
    ("there", "sent"),
    [
        (("{}", "text/plain"), ("{}", JSON)),
        (("{}", JSON), ("{}", "text/plain")),
        (("[]", JSON), ("{}", JSON)),
        (("{}", JSON), ("[]", JSON)),
        (("{}", JSON), ("{", JSON)),
        (("{}", JSON), ('{"a":1,"a":2}', JSON)),
        (("1", JSON), ('"text"', JSON)),
    ],
)
def test_what_cannot_be_merged_is_refused_and_changes_nothing(session, there, sent):
    """2.2.s8.b1"""
    keep(session, HERE, there[0].encode(), there[1])
    with pytest.raises(Invalid):
        services.merge(session, HERE, sent[0].encode(), sent[1])
    assert document(session, HERE).content == there[0].encode()


def test_deleting_takes_one_away_and_twice_is_once(session):
    keep(session, HERE)
    keep(session, STATES.place("bookmark", FIRST))
    assert services.delete(session, HERE)
    assert not services.delete(session, HERE)
    assert document(session, HERE) is None
    assert document(session, STATES.place("bookmark", FIRST))


@pytest.mark.parametrize(("registration", "left"), [(None, 0), (FIRST, 3), (uuid4(), 4)])
def test_all_states_are_deleted_or_those_of_one_registration(session, registration, left):
    """2.3.s5"""
    places = [HERE, STATES.place("other"), STATES.place("bookmark", FIRST), STATES.place("bookmark", SECOND)]
    elsewhere = state_of(ACTIVITY + "/2", AGENT).place("bookmark")
    for place in [*places, elsewhere]:
        keep(session, place)
    assert services.delete_all(session, STATES, registration=registration) == len(places) - left
    assert sum(document(session, place) is not None for place in places) == left
    assert document(session, elsewhere)


def test_names_are_listed_once_of_all_registrations_or_of_one_and_since(session):
    """2.3.s4: `since` is exclusive, and the newest change is told (2.2.s6.b2)."""
    for minute, place in enumerate(
        [HERE, STATES.place("bookmark", FIRST), STATES.place("score", FIRST), STATES.place("last", SECOND)]
    ):
        keep(session, place, now=NOON + minute * MINUTE)
    found = listing(session, STATES)
    assert (found.names, found.updated) == (["bookmark", "score", "last"], NOON + 3 * MINUTE)
    assert listing(session, STATES, registration=FIRST).names == ["bookmark", "score"]
    assert listing(session, STATES, since=NOON + MINUTE).names == ["score", "last"]
    nothing = listing(session, STATES, since=NOON + 3 * MINUTE)
    assert (nothing.names, nothing.updated) == ([], None)


@pytest.mark.parametrize("act", [services.put, services.merge])
def test_a_condition_that_fails_changes_nothing(session, act):
    keep(session, HERE, b"{}", "application/json")
    wrong = Precondition(if_match=Tags(strong=frozenset({"0" * 40})))
    for precondition, refusal in (
        (wrong, PreconditionFailed),
        (Precondition(if_none_match=Tags(any=True)), PreconditionFailed),
        (Precondition(named=True), Unconditional),
    ):
        with pytest.raises(refusal):
            act(session, HERE, b'{"a":1}', "application/json", precondition=precondition)
    with pytest.raises(PreconditionFailed):
        services.delete(session, HERE, precondition=wrong)
    assert document(session, HERE).content == b"{}"


def test_whoever_names_the_tag_may_replace_and_delete(session):
    kept = keep(session, HERE, b"one", precondition=Precondition(named=True))
    named = Precondition(if_match=Tags(strong=frozenset({kept.etag})), named=True)
    kept = keep(session, HERE, b"two", precondition=named)
    with pytest.raises(PreconditionFailed):
        services.delete(session, HERE, precondition=named)
    assert services.delete(
        session, HERE, precondition=Precondition(if_match=Tags(strong=frozenset({kept.etag})))
    )
