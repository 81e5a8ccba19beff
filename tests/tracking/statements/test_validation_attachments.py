"""Headers of attachments (Data 2.4.11)."""

from typing import Any

import pytest

from tests.tracking.statements.examples import ATTACHMENT, VERSIONS, a_statement, refusal, within
from tracking.statements.validation import Version, validate

REQUIRED = ["usageType", "display", "contentType", "length", "sha2"]
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("s2 usageType without scheme", {"usageType": "should fail"}, ".usageType"),
    ("s2 display a string", {"display": "x"}, ".display"),
    ("s2 display in no language", {"display": {"vi": "x", "something": "y"}}, ".display.something"),
    ("s2 description a number", {"description": 12345}, ".description"),
    ("s2 description in no language", {"description": {"de-419-DE": "x"}}, '.description["de-419-DE"]'),
    ("s2 contentType of words", {"contentType": "should fail"}, ".contentType"),
    ("s2 contentType without subtype", {"contentType": "text/"}, ".contentType"),
    ("s2 contentType a number", {"contentType": 12345}, ".contentType"),
    ("s2 length of words", {"length": "should fail"}, ".length"),
    ("s2 length a fraction", {"length": 27.5}, ".length"),
    ("s2 length negative", {"length": -1}, ".length"),
    ("s2 length a boolean", {"length": True}, ".length"),
    ("s2 sha2 a number", {"sha2": 12345}, ".sha2"),
    ("s2 sha2 of a wrong length", {"sha2": "ab" * 20}, ".sha2"),
    ("s2 sha2 not hexadecimal", {"sha2": "g" * 64}, ".sha2"),
    ("s2 fileUrl without scheme", {"fileUrl": "should fail"}, ".fileUrl"),
    ("2.2.s4.b1.b5 wrong case", {"fileURL": "https://example.org/f"}, ".fileURL"),
]


@pytest.mark.parametrize("version", VERSIONS)
def test_attachments_are_accepted(version: Version) -> None:
    full = {**ATTACHMENT, "description": {"en": "x"}, "fileUrl": "https://example.org/f", "sha2": "AB" * 28}
    validate(a_statement(attachments=[ATTACHMENT, full]), version)
    validate(a_statement(attachments=[]), version)
    validate(within(a_statement(attachments=[full])), version)


@pytest.mark.parametrize(
    "kind", ["image/svg+xml", "text/plain; charset=ascii", 'a/b;c="d e"', "application/octet-stream"]
)
def test_media_types_with_parameters_are_accepted(kind: str) -> None:
    validate(a_statement(attachments=[{**ATTACHMENT, "contentType": kind}]), "1.0.3")


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_required_must_be_there(name: str) -> None:
    lacking = {key: value for key, value in ATTACHMENT.items() if key != name}
    assert refusal(a_statement(attachments=[ATTACHMENT, lacking])).path == f"attachments[1].{name}"


@pytest.mark.parametrize(
    ("change", "below"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_spoilt_attachment_is_refused_at_its_place(change: dict[str, Any], below: str) -> None:
    statement = a_statement(attachments=[{**ATTACHMENT, **change}])
    assert refusal(statement).path == f"attachments[0]{below}"
    assert refusal(within(statement), "1.0.3").path == f"object.attachments[0]{below}"


@pytest.mark.parametrize("value", [12345, "should fail", None, []])
def test_an_attachment_is_an_object(value: Any) -> None:
    assert refusal(a_statement(attachments=[value])).path == "attachments[0]"
