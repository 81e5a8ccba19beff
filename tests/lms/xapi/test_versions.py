"""In which version a request is answered (xAPI 1.0.3 part 3, 3.3; xAPI 2.0)."""

from uuid import uuid4

import pytest

from lms.xapi.versions import version_named
from tests.lms.xapi.asking import DOCUMENTS, LESSON, ROOT, VERSION, agent, query
from tests.lms.xapi.conftest import statement

RESOURCES = {
    **{resource: query(resource) for resource in DOCUMENTS},
    "agents": {"agent": agent()},
    "activities": {"activityId": LESSON},
    "statements": {},
}
WRONG = (
    None,
    "",
    "0.9",
    "0.95",
    "1",
    "1.1",
    "1.1.0",
    "2",
    "2.1.0",
    "3.0.0",
    "1.0.x",
    "v1.0.3",
    "1.0.3, 2.0.0",
)


@pytest.mark.parametrize("patch", ["", *(f".{number}" for number in range(11))])
@pytest.mark.parametrize(("major", "answered"), [("1.0", "1.0.3"), ("2.0", "2.0.0")])
def test_every_patch_of_a_version_is_that_version(major, answered, patch):
    """3.3.s3.b3, b5: 1.0 is as good as 1.0.0, and whatever begins with 1.0. is accepted."""
    assert version_named(major + patch) == answered


@pytest.mark.parametrize("header", [*WRONG, "1.0.", "1.0.3 ", "１.0.3", "1.0.3\n"])
def test_other_versions_are_none_of_ours(header):
    """3.3.s3.b4, b6"""
    assert version_named(header) is None


@pytest.mark.parametrize("default", ["1.0.3", "2.0.0"])
def test_a_request_must_name_a_version_of_ours(visitor, client_of, settings, default):
    """3.3.s3.b7; conformance XAPI-00321, XAPI-00331: 400 before anybody asks for credentials."""
    object.__setattr__(settings, "xapi_default_version", default)
    for headers in ({}, client_of("all")):
        for resource, asked in RESOURCES.items():
            for wrong in WRONG:
                given = {name: value for name, value in headers.items() if name != VERSION}
                if wrong is not None:
                    given[VERSION] = wrong
                answer = visitor.get(f"{ROOT}/{resource}", query_string=asked, headers=given)
                assert answer.status_code == 400, (resource, wrong)
                assert answer.headers[VERSION] == default
                assert answer.json["error"].startswith(VERSION)


@pytest.mark.parametrize("default", ["1.0.3", "2.0.0"])
def test_statements_without_a_version_are_refused_in_that_of_the_installation(
    visitor, client_of, settings, default
):
    """3.3.s3.b7; conformance XAPI-00331: the refusal is in a version of ours, and nothing is kept."""
    object.__setattr__(settings, "xapi_default_version", default)
    client, one = client_of("all"), statement(id=str(uuid4()))
    asked = {"statementId": one["id"]}
    for headers in ({}, {name: value for name, value in client.items() if name != VERSION}):
        for answer in (
            visitor.post(f"{ROOT}/statements", json=one, headers=headers),
            visitor.put(f"{ROOT}/statements", query_string=asked, json=one, headers=headers),
        ):
            assert (answer.status_code, answer.headers[VERSION]) == (400, default)
    assert visitor.get(f"{ROOT}/statements", query_string=asked, headers=client).status_code == 404


@pytest.mark.parametrize("default", ["1.0.3", "2.0.0"])
def test_what_everybody_may_read_needs_no_version(visitor, settings, default):
    """2.8.s5.b4: and is answered in that of the installation."""
    object.__setattr__(settings, "xapi_default_version", default)
    for resource in ("about", "openapi.json", "profile"):
        answer = visitor.get(f"{ROOT}/{resource}")
        assert (answer.status_code, answer.headers[VERSION]) == (200, default), resource
    assert visitor.get(f"{ROOT}/about").json["version"][-1] == "2.0.0"  # whoever asks finds the newest


def test_every_answer_names_the_version_it_speaks(visitor, client_of):
    """3.3.s3.b1, b2"""
    headers = client_of("all")
    for asked, answered in (("1.0", "1.0.3"), ("1.0.1", "1.0.3"), ("1.0.9", "1.0.3"), ("2.0", "2.0.0")):
        for resource, parameters in RESOURCES.items():
            answer = visitor.get(
                f"{ROOT}/{resource}", query_string=parameters, headers=headers | {VERSION: asked}
            )
            assert answer.status_code in (200, 404)
            assert answer.headers[VERSION] == answered
        for method, path in (("GET", "/nothing"), ("PATCH", "/statements"), ("OPTIONS", "/agents")):
            answer = visitor.open(ROOT + path, method=method, headers={VERSION: asked})
            assert answer.headers[VERSION] == answered
