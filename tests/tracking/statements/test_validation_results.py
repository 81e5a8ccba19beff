"""Results and scores (Data 2.4.5)."""

import json
from typing import Any

import pytest

from tests.tracking.statements.examples import VERSIONS, a_statement, refusal, within
from tracking.statements.parsing import parse_statement
from tracking.statements.validation import Version, validate

ACCEPTED: list[dict[str, Any]] = [
    {},
    {"score": {}},
    {"score": {"scaled": 1.0}},
    {"score": {"scaled": -1}},
    {"score": {"scaled": 0.6767676, "raw": 45.4, "min": 0, "max": 100}},
    {"score": {"raw": 0, "min": 0, "max": 10}},
    {"score": {"raw": 10, "min": 0, "max": 10}},
    {"score": {"raw": -1e300}},
    {"score": {"min": 5}},
    {"success": True, "completion": False, "response": "", "duration": "PT5M"},
    {"extensions": {"https://example.org/e": {"a": [None]}}},
]
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("2.4.5.1 score a number", {"score": 12345}, "score"),
    ("2.4.5.1 score a string", {"score": "x"}, "score"),
    ("2.4.5.1 unknown property", {"score": {"Raw": 1}}, "score.Raw"),
    ("2.4.5.1.s2 scaled above 1", {"score": {"scaled": 1.01}}, "score.scaled"),
    ("2.4.5.1.s2 scaled below -1", {"score": {"scaled": -1.00001}}, "score.scaled"),
    ("2.4.5.1.s2 scaled a string", {"score": {"scaled": "0.5"}}, "score.scaled"),
    ("2.4.5.1.s2 scaled a boolean", {"score": {"scaled": True}}, "score.scaled"),
    ("2.4.5.1.s2 raw above max", {"score": {"raw": 0.68, "max": 0.67}}, "score.raw"),
    ("2.4.5.1.s2 raw below min", {"score": {"raw": 0.68, "min": 0.69}}, "score.raw"),
    ("2.4.5.1.s2 raw null", {"score": {"raw": None}}, "score.raw"),
    ("2.4.5.1.s2 min above max", {"score": {"min": 2, "max": 1}}, "score.min"),
    ("2.4.5.1.s2 min equal to max", {"score": {"min": 1, "max": 1.0}}, "score.min"),
    ("2.2.s4.b1.b2 max of letters", {"score": {"max": "one hundred"}}, "score.max"),
    ("2.2.s4.b1.b2 max of digits", {"score": {"max": "100"}}, "score.max"),
    ("2.2.s4.b1.b3 success of words", {"success": "yes"}, "success"),
    ("2.2.s4.b1.b3 completion as a string", {"completion": "false"}, "completion"),
    ("2.2.s4.b1.b3 completion as a number", {"completion": 1}, "completion"),
    ("2.4.5.s2 response a number", {"response": 1}, "response"),
    ("2.4.5.s2 duration a number", {"duration": 12345}, "duration"),
    ("2.4.5.s2 duration an object", {"duration": {"key": "x"}}, "duration"),
    ("4.6.s1.b1 duration of no form", {"duration": "PA1H0M0S"}, "duration"),
    ("2.4.5.s2 extensions an array", {"extensions": []}, "extensions"),
    ("4.1.s3.b1 extension without scheme", {"extensions": {"should fail": 1}}, 'extensions["should fail"]'),
    ("2.2.s4.b1.b7 unknown property", {"passed": True}, "passed"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("result", ACCEPTED, ids=str)
def test_what_a_result_may_have_is_accepted(result: dict[str, Any], version: Version) -> None:
    validate(a_statement(result=result), version)
    validate(within(a_statement(result=result)), version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("result", "path"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_spoilt_result_is_refused_at_its_place(result: dict[str, Any], path: str, version: Version) -> None:
    assert refusal(a_statement(result=result), version).path == f"result.{path}"
    assert refusal(within(a_statement(result=result)), version).path == f"object.result.{path}"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_json_does_not_know_are_refused(value: float) -> None:
    assert refusal(a_statement(result={"score": {"raw": value}})).path == "result.score.raw"


@pytest.mark.parametrize(
    ("score", "path"),
    [
        ({"raw": 10**25, "min": 1, "max": 10**25}, None),
        ({"raw": 1.5, "min": -(10**25)}, None),
        ({"raw": 10**25 + 1, "max": 10**25}, "raw"),
        ({"min": 10**25 + 1, "max": 10**25}, "min"),
        ({"min": 10**25, "max": 1.5}, "min"),
        ({"scaled": 10**25}, "scaled"),
    ],
)
def test_whole_numbers_of_any_length_are_compared(score: dict[str, int], path: str | None) -> None:
    """Data 2.4.5.1.s2"""
    read = parse_statement(json.dumps(a_statement(result={"score": score})).encode())
    if path is None:
        validate(read, "2.0.0")
    else:
        assert refusal(read).path == f"result.score.{path}"
