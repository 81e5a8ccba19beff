"""Parameters are read strictly (xAPI 1.0.3 part 3, 2.3 to 2.7 and 3.2.s3.b7, b8), without a database."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict

from lms.xapi.addresses import ACTIVITY_PROFILE, AGENT_PROFILE, STATE, check_names, read_documents
from tests.lms.xapi.asking import LESSON, agent
from tracking.statements.validation import Invalid

RESOURCES = {"state": STATE, "activity profile": ACTIVITY_PROFILE, "agent profile": AGENT_PROFILE}
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
WRITING = ("PUT", "POST", "DELETE")
REGISTRATION = "6C0A4A0E-7B2F-4E3A-9B1C-0D5E6F7A8B9C"


def whole(resource):
    values = {"activityId": LESSON, "agent": agent()}
    return {name: values[name] for name in resource.about} | {resource.name: "n"}


def read(resource, given, method="GET", version="1.0.3"):
    return read_documents(MultiDict(given), resource, method, version)


def fault(resource, given, method="GET", version="1.0.3"):
    """The parameter that a refusal names."""
    with pytest.raises(Invalid) as refused:
        read(resource, given, method, version)
    return str(refused.value).partition(":")[0].partition(".")[0]


each_resource = pytest.mark.parametrize("resource", RESOURCES.values(), ids=RESOURCES)


@pytest.mark.parametrize("method", METHODS)
@each_resource
def test_what_is_needed_is_named_when_it_is_missing(resource, method):
    for name in whole(resource):
        given = {other: value for other, value in whole(resource).items() if other != name}
        is_name = name == resource.name
        if is_name and (method in ("GET", "HEAD") or (method == "DELETE" and resource is STATE)):
            assert read(resource, given, method).name is None
        else:
            assert fault(resource, given, method) == name


@pytest.mark.parametrize("method", METHODS)
@each_resource
def test_unknown_misspelt_and_repeated_names_are_refused(resource, method):
    given = whole(resource)
    for name in ("foo", "method", "Agent", "StateId", "profileid", "activityid", "Since", "limit"):
        assert fault(resource, given | {name: "x"}, method) == name
    twice = MultiDict([*given.items(), (resource.name, "other")])
    assert fault(resource, twice, method) == resource.name


def test_a_misspelt_name_is_told_with_the_right_one():
    with pytest.raises(Invalid, match="stateid: is written stateId"):
        read(STATE, {"activityId": LESSON, "agent": agent(), "stateid": "n"})


@pytest.mark.parametrize("method", WRITING)
@each_resource
def test_since_is_for_reading(resource, method):
    """2.3.s5: DELETE has no `since`."""
    assert fault(resource, whole(resource) | {"since": "2026-01-01T00:00:00Z"}, method) == "since"


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "activity",
    ["", "1", "true", "undefined", "no scheme", "{}", "http://", "https://example.org/a b", "a:\x00"],
)
def test_an_activity_must_be_an_iri(activity, method):
    for resource in (STATE, ACTIVITY_PROFILE):
        assert fault(resource, whole(resource) | {"activityId": activity}, method) == "activityId"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "true",
        "not JSON",
        "[]",
        "{}",
        '"mailto:an@example.org"',
        '{"mbox": "an@example.org"}',
        '{"name": "An"}',
        '{"mbox": "mailto:an@example.org", "openid": "https://an.example.org"}',
        '{"mbox": "mailto:an@example.org", "mbox": "mailto:binh@example.org"}',
        '{"account": {"homePage": "x", "name": "y"}}',
        '{"Mbox": "mailto:an@example.org"}',
        '{"objectType": "agent", "mbox": "mailto:an@example.org"}',
        '{"objectType": "Person", "mbox": ["mailto:an@example.org"]}',
        '{"objectType": "Group", "member": [{"mbox": "mailto:an@example.org"}]}',
    ],
)
@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_an_agent_must_be_one(given, version):
    for resource in (STATE, AGENT_PROFILE):
        for method in METHODS:
            assert fault(resource, whole(resource) | {"agent": given}, method, version) == "agent"


@pytest.mark.parametrize(
    "given", ["", "true", "1", "6c0a4a0e7b2f4e3a9b1c0d5e6f7a8b9c", f"{{{REGISTRATION}}}", "not a uuid"]
)
def test_a_registration_must_be_a_uuid_and_only_states_have_one(given):
    for method in METHODS:
        assert fault(STATE, whole(STATE) | {"registration": given}, method) == "registration"
        for resource in (ACTIVITY_PROFILE, AGENT_PROFILE):
            asked = whole(resource) | {"registration": REGISTRATION}
            assert fault(resource, asked, method) == "registration"
    asked = whole(STATE) | {"registration": REGISTRATION}
    assert read(STATE, asked).registration == UUID(REGISTRATION)


@pytest.mark.parametrize(
    "given", ["", "true", "not a timestamp", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01T00:00:00-00:00"]
)
@each_resource
def test_since_must_be_a_timestamp(resource, given):
    assert fault(resource, whole(resource) | {"since": given}) == "since"


def test_since_is_an_instant():
    asked = read(STATE, whole(STATE) | {"since": "2026-01-01T07:00:00+07:00"})
    assert asked.since == datetime(2026, 1, 1, tzinfo=UTC)


@each_resource
def test_an_empty_name_is_no_name_and_no_lack_of_one(resource):
    """Else a client with an empty variable would delete all states at once."""
    for method in METHODS:
        assert fault(resource, whole(resource) | {resource.name: ""}, method) == resource.name


@pytest.mark.parametrize("given", ["foo", "Agent", "AGENT"])
def test_other_resources_are_as_strict(given):
    with pytest.raises(Invalid, match=f"^{given}: "):
        check_names(MultiDict({"agent": "x", given: "y"}), {"agent"}, ["agent"])
    with pytest.raises(Invalid, match="agent: is missing"):
        check_names(MultiDict(), {"agent"}, ["agent"])
