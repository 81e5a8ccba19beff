"""What is too much, too deep, too odd: each with its status and a sentence, on every way, and none a 500.

Each body is sent through the express way and straight to the application: both must say the same.
"""

import gzip
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import orjson
import pytest
from werkzeug.test import Client as Caller

from lms.app import front_of
from lms.core.web.stalled import Stalled
from lms.xapi.express import Express
from tests.lms.xapi.conftest import statement
from tracking.statements import parsing
from tracking.statements.parsing import parse_json
from tracking.statements.validation import Invalid

PATH = "/xapi/statements"
KEY = "http://example.org/x"
MIB = 1 << 20


def extended(raw: bytes) -> bytes:
    """A statement whose one extension is this JSON."""
    written = orjson.dumps(statement(result={"extensions": {KEY: "@@"}}))
    return written.replace(b'"@@"', raw)


def scored(raw: bytes) -> bytes:
    return orjson.dumps(statement(result={"score": {"raw": "@@"}})).replace(b'"@@"', raw)


def activities(count: int) -> list[dict[str, str]]:
    return [{"id": f"http://example.org/{number}"} for number in range(count)]


def attached(length: int) -> dict[str, Any]:
    header = {"usageType": KEY, "display": {"en": "x"}, "contentType": "text/plain", "sha2": "a" * 64}
    return statement(attachments=[header | {"length": length, "fileUrl": KEY}])


NO_JSON = "not JSON in UTF-8"

REFUSED: dict[str, tuple[Any, int, str]] = {
    "nothing": (b"", 400, NO_JSON),
    "a byte order mark": (b"\xef\xbb\xbf" + orjson.dumps(statement()), 400, "byte order mark"),
    "UTF-16": (json.dumps(statement()).encode("utf-16"), 400, NO_JSON),
    "no UTF-8": (extended(b'"\xff"'), 400, NO_JSON),
    "an overlong encoding": (extended(b'"\xc0\x80"'), 400, NO_JSON),
    "an encoded surrogate": (extended(b'"\xed\xa0\x80"'), 400, NO_JSON),
    "half a surrogate pair": (extended(b'"\\ud800"'), 400, "surrogate"),
    "the other half alone": (extended(b'"\\udc00x"'), 400, "surrogate"),
    "half a pair as a name": (extended(b'{"\\ud800":1}'), 400, "surrogate"),
    "NUL as it is": (extended(b'"\0"'), 400, "control character"),
    "a line end in a string": (extended(b'"\n"'), 400, "control character"),
    "NUL in an IRI": (statement(object={"id": "http://example.org/\0"}), 400, "object.id: "),
    "NUL in a key": (statement(result={"extensions": {"http://e.org/\0": 1}}), 400, "must be an IRI"),
    "NUL in a name that identifies": (
        statement(actor={"account": {"homePage": KEY, "name": "a\0"}}), 400, "NUL character"
    ),
    "1e400": (extended(b"1e400"), 400, "infinity"),
    "-1e400 as a score": (scored(b"-1e400"), 400, "infinity"),
    "400 digits": (extended(b"1" + b"0" * 400), 400, "infinity"),
    "a leading zero": (extended(b"01"), 400, "leading zero"),
    "NaN": (extended(b"NaN"), 400, NO_JSON),
    "a length beyond 64 bits": (attached(2**63) | {"x": 1}, 400, "x: "),
    "a name twice, deep inside": (extended(b'{"a":{"b":[{"c":1,"c":2}]}}'), 400, "comes twice"),
    "a name twice, spelt otherwise": (extended(b'{"a":1,"\\u0061":2}'), 400, "comes twice"),
    "more behind the end": (orjson.dumps(statement()) * 2, 400, "unexpected content"),
    "an extension 101 deep": (extended(b"[" * 101 + b"]" * 101), 400, "nested more than 100 deep"),
    "nested 300 deep": (extended(b"[" * 300 + b"]" * 300), 400, "nested too deep"),
    "nested a million deep": (b"[" * 1_000_000, 400, "depth limit"),
    "a hundred thousand objects deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "depth limit"),
    "1,001 statements": ([statement()] * 1001, 400, "more than 1000 at once"),
    "a million numbers": (b"[" + b"1," * 1_000_000 + b"1]", 400, "more than 1000 at once"),
    "a million empty objects": (b"[" + b"{},{}," * 1_000_001 + b"1]", 400, "objects and arrays at once"),
    "51 MiB of statements": (b"[" + b" " * 51 * MIB + b"]", 413, "50 MB at most"),
    "an IRI of 3,000 letters": (statement(verb={"id": "http://e.org/" + "a" * 3000}), 400, "2000 bytes"),
    "a mailbox of 3,000 letters": (
        statement(actor={"mbox": f"mailto:{'a' * 3000}@e.org"}), 400, "2000 bytes"
    ),
    "a long language tag": (statement(verb={"id": KEY, "display": {"a" * 9999: "x"}}), 400, "RFC 5646"),
    "the year 0": (statement(timestamp="0000-01-01T00:00:00Z"), 400, "timestamp: "),
    "after the year 9999": (statement(timestamp="9999-12-31T23:59:59-14:00"), 400, "timestamp: "),
}  # fmt: skip

ACCEPTED: dict[str, Any] = {
    "NUL in what is only said": statement(result={"response": "a\0b"}, context={"platform": "\0"}),
    "NUL in an extension": extended(b'{"\\u0000":"\\u0000"}'),
    "NUL in the name of an agent": statement(actor={"mbox": "mailto:nul@example.org", "name": "a\0"}),
    "NUL in a definition": statement(object={"id": KEY, "definition": {"name": {"en": "\0"}}}),
    "a surrogate pair": extended(b'"\\ud83d\\ude00"'),
    "a megabyte of emoji": statement(result={"response": "\U0001f600" * (MIB // 4)}),
    "all of Vietnamese, decomposed": statement(result={"response": "Nguyê\u0303n"}),
    "1e308 and 1e-400": extended(b"[1e308,1e-400,-0,-0.0]"),
    "64 bits and more": extended(b"[9223372036854775807,18446744073709551615,18446744073709551616]"),
    "a length of 63 bits": attached(2**63 - 1),
    "an extension 100 deep": extended(b"[" * 99 + b"]" * 99),
    "1,000 statements": [statement() for _ in range(1000)],
    "none at all": [],
    "1,000 context activities": statement(context={"contextActivities": {"grouping": activities(1000)}}),
    "1,000 members": statement(
        actor={
            "objectType": "Group",
            "member": [{"mbox": f"mailto:m{number}@example.org"} for number in range(1000)],
        }
    ),
    "20,000 extensions": statement(
        result={"extensions": {f"http://example.org/{n}": n for n in range(20_000)}}
    ),
    "9 MiB, too large for the express way": statement(result={"response": "x" * 9 * MIB}),
    "a duration of 5,000 digits": statement(result={"duration": f"P{'9' * 5000}Y"}),
    "thousands of digits of a second": statement(timestamp=f"2026-01-01T00:00:00.{'1' * 5000}Z"),
}

HEADERS: dict[str, tuple[dict[str, str], int, str]] = {
    "compressed": ({"Content-Encoding": "gzip"}, 415, "Content-Encoding"),
    "compressed twice": ({"Content-Encoding": "gzip, br"}, 415, "Content-Encoding"),
    "credentials of 100 kB": ({"Authorization": "Basic " + "A" * 100_000}, 401, "Basic credentials"),
    "a version of 100 kB": ({"X-Experience-API-Version": "1.0." + "9" * 100_000}, 200, ""),
    "a long type": ({"Content-Type": "text/plain; " + "x" * 10_000}, 400, "Content-Type"),
    "no type": ({"Content-Type": ""}, 400, "Content-Type"),
    "as it is": ({"Content-Encoding": "identity"}, 200, ""),
}
QUERIES = ("%", "%zz=1", "%00", "a=%ff", "=", "more=%00", "limit=1", "agent=%7B%7D", "x" * 100_000)
READING = (
    "agent=%00", "agent=1e400", "agent=" + "%5B" * 1000, "agent=%22%5Cud800%22", "verb=%00", "verb=%ed%a0%80",
    "verb=" + "a" * 100_000, "activity=x", "registration=%00", "statementId=%00", "since=%00", "limit=-1",
    "limit=%D9%A1", "more=%00", "more=" + "9" * 400, "more=zzz", "since=9999-12-31T23:59:59-14:00",
    "since=0001-01-01T00:00:00%2B14:00", "until=" + "1" * 10_000, "x=1", "format=ids&format=ids",
)  # fmt: skip


@pytest.fixture
def ways(app, runtime, client_of) -> Iterator[Any]:
    """Sends a request on both ways; the two answers."""
    headers = client_of("all") | {"Content-Type": "application/json"}
    express = Express(front_of(app, runtime, Stalled(8000)), runtime)

    def send(body: Any, *, method: str = "POST", query: str = "", **changes: str):
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        return [
            Caller(way).open(PATH, method=method, data=data, query_string=query, headers=headers | changes)
            for way in (express, app)
        ]

    yield send
    express.close()


def is_refused(answers: list[Any], status: int, part: str) -> bool:
    """Whether both say the same: this status, in a sentence with this part."""
    told = [(answer.status_code, answer.json["error"]) for answer in answers]
    return told[0] == told[1] and told[0][0] == status and part in told[0][1] and len(told[0][1]) > 10


def test_what_is_too_much_or_too_odd_is_refused_alike_on_every_way(ways):
    wrong = [name for name, (body, *said) in REFUSED.items() if not is_refused(ways(body), *said)]
    assert wrong == []


def test_what_is_only_much_or_odd_is_accepted_on_every_way(ways):
    wrong = [
        name for name, body in ACCEPTED.items() if [answer.status_code for answer in ways(body)] != [200, 200]
    ]
    assert wrong == []


def test_headers_and_addresses_are_bounded_too(ways):
    body = gzip.compress(orjson.dumps(statement()))
    for name, (changes, status, part) in HEADERS.items():
        answers = ways(body if "comp" in name else statement(), **changes)
        assert [answer.status_code for answer in answers] == [status] * 2, name
        assert part == "" or is_refused(answers, status, part), name
    for query in QUERIES:
        assert is_refused(ways(statement(), query=query), 400, "not a parameter"), query[:40]
    for query in READING:
        assert is_refused(ways(b"", method="GET", query=query), 400, ""), query[:40]


def test_odd_statements_come_back_as_they_were_sent(ways):
    """Data 2.2.s4.b3; RFC 8259, 6"""
    sent = statement(
        id=str(uuid4()),
        result={"response": "a\0b\U0001f600", "extensions": {KEY: {"\0": [None, -0.0, 2**63, 1e-308]}}},
    )
    assert ways(sent)[0].status_code == 200
    found = ways(b"", method="GET", query=f"statementId={sent['id']}")[0].json
    assert found["result"] == sent["result"]


def test_whole_numbers_come_back_with_all_their_digits_in_every_form(ways):
    """Data 2.2.s4.b3: more than is demanded; sent once more it is the same statement (2.1.2.s2.b1)."""
    numbers = [2**64, -(2**63) - 1, 10**30 + 7, int("9" * 300)]
    sent = statement(
        id=str(uuid4()),
        result={"score": {"raw": 10**25 + 1, "max": 10**25 + 2}, "extensions": {KEY: numbers}},
        context={"extensions": {KEY: {"deep": [10**40 + 1]}}},
    )
    body = json.dumps(sent).encode()
    for _ in range(2):
        assert [answer.status_code for answer in ways(body)] == [200, 200]
    for form in ("exact", "canonical", "ids"):
        found = ways(b"", method="GET", query=f"statementId={sent['id']}&format={form}")[0].json
        assert (found["result"], found["context"]) == (sent["result"], sent["context"]), form


def test_objects_and_arrays_are_counted_where_there_may_be_many():
    assert parse_json(b"[" + b"[]," * 1000 + b"[]]") == [[]] * 1001
    most = parsing.MOST_CONTAINERS
    with pytest.raises(Invalid, match="objects and arrays at once"):
        parse_json(b"[" + b"[]," * most + b"[]]")
