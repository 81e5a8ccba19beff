"""From bytes to statements, instants and seconds."""

import json
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.statements.examples import SMALLEST
from tests.tracking.statements.strategies import json_values
from tracking.statements.parsing import (
    duration_seconds,
    parse_json,
    parse_kept,
    parse_statement,
    parse_statements,
    timestamp,
)
from tracking.statements.validation import Invalid

# Each has a name twice in one object, in a spelling that hides it from a careless count.
REPEATED = [
    '{"a":1,"a":1}',
    '{"a": 1, "a": 2}',
    '{"x":[{"y":{"a":1,"b":2,"a":3}}]}',
    '[{"a":1},{"b":1,"b":1}]',
    '{"a" :1,\n"a"\t: 2}',
    '{"a":1,"\\u0061":2}',
    '{"a":{"b":1,"c":2},"a":{}}',
    '{"a":"x","a":"\\":"}',
    '{"a":":","a":"\\u003a"}',
    '{"a":1,"b":["\\u0022:"],"a":2}',
    '{"b":"\\u003a","a":1,"a":1}',
    '{"b":"\\u0020:","a":1,"a":1}',
    '{"b":"\\u0022:","a":1,"a":1}',
    '{"b":"\\\\","a":1,"a":1}',
    '{"\\\\":1,"\\\\":2}',
    '{"\\"":1,"\\"":2}',
    '{"":1,"":2}',
    '{"học":1,"h\\u1ecdc":2}',
    '{"n":1e5,"a":1,"a":1}',
]
# None has a name twice, though each looks a little like it.
UNREPEATED = [
    "{}",
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"\\"a\\":1","b":2}',
    '{"a":":b","c":" : d","e":"\\u003af","g":"\\u0022:"}',
    '{"a\\\\":1,"a":2}',
    '{"a\\"":1,"a":"\\\\\\":"}',
    '{"A":1,"a":2, "\\u00e0" : "\\t:"}',
    '{ "a" : [ 1.0 , 1e2 , -0 , "\\/" ] }',
]
NOT_JSON = [b"", b"{", b"nope", b"{'a':1}", b'{"a":NaN}', b'{"a":Infinity}', b'{"a":1e999}', b'{"a":"\xff"}']
NOT_JSON += [b'{"a":1,}', b'\xef\xbb\xbf{"a":1}', b'{"a":"\\ud800"}', b'{"a":1}{"b":2}', b'{"a":01}']
NOT_JSON += ['{"a":1}'.encode("utf-16")]


def _nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


@pytest.mark.parametrize("write", [orjson.dumps, lambda value: json.dumps(value, indent=2).encode()])
def test_one_object_or_an_array_of_objects_is_read(write: Any) -> None:
    assert parse_statements(write(SMALLEST)) == [SMALLEST]
    assert parse_statements(write([SMALLEST, {}])) == [SMALLEST, {}]
    assert parse_statements(b"[]") == []
    assert parse_statement(write(SMALLEST)) == SMALLEST


@pytest.mark.parametrize("body", NOT_JSON)
def test_what_is_not_json_in_utf_8_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match=r"^statement: not JSON in UTF-8"):
        parse_statements(body)


@pytest.mark.parametrize("body", [b"1", b'"x"', b"null", b"true"])
def test_what_is_neither_object_nor_array_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match="must be an object or an array of objects"):
        parse_statements(body)


@pytest.mark.parametrize("body", [b"[1]", b"[null]", b"[[]]", b'[{},"x"]'])
def test_what_is_no_object_in_an_array_is_refused_at_its_place(body: bytes) -> None:
    with pytest.raises(Invalid, match="must be an object") as caught:
        parse_statements(body)
    assert caught.value.path == f"[{len(orjson.loads(body)) - 1}]"


@pytest.mark.parametrize("body", [b"[]", b"[{}]", b"1"])
def test_where_one_statement_is_wanted_nothing_else_will_do(body: bytes) -> None:
    with pytest.raises(Invalid, match="must be one object"):
        parse_statement(body)


@pytest.mark.parametrize("text", REPEATED)
def test_a_name_twice_in_an_object_is_refused_at_any_depth(text: str) -> None:
    with pytest.raises(Invalid, match="a property comes twice"):
        parse_json(text.encode())


@pytest.mark.parametrize("text", UNREPEATED)
def test_names_that_only_look_repeated_are_accepted(text: str) -> None:
    assert parse_json(text.encode()) == json.loads(text)


def _spelt(value: Any, data: st.DataObject) -> str:
    """JSON with blanks and escapes wherever they may be."""
    blank = data.draw(st.sampled_from(("", " ", "\n\t")))
    if isinstance(value, dict):
        pairs = (f"{_spelt(key, data)}{blank}:{blank}{_spelt(item, data)}" for key, item in value.items())
        return "{" + blank + f"{blank},".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_spelt(item, data) for item in value) + blank + "]"
    if isinstance(value, str) and data.draw(st.booleans()):
        return '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c for c in value) + '"'
    return json.dumps(value, ensure_ascii=data.draw(st.booleans()))


tricky = st.text('":\\ ,{}a', max_size=4)
tricky_values = st.recursive(
    tricky | st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(tricky, inner, max_size=3),
    max_leaves=8,
)


@given(tricky_values | json_values, st.data())
def test_any_json_without_repetition_is_read_as_it_stands(value: Any, data: st.DataObject) -> None:
    assert parse_json(_spelt(value, data).encode()) == value


@given(st.dictionaries(tricky, tricky_values, min_size=1, max_size=3), tricky_values, st.data())
def test_any_json_with_a_repetition_is_refused(value: dict[str, Any], more: Any, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(value)))
    twice = f"{_spelt(key, data)}:{_spelt(more, data)}"
    text = f"[{_spelt(value, data).rstrip().removesuffix('}')},{twice}}},{_spelt(more, data)}]"
    with pytest.raises(Invalid, match="a property comes twice"):
        parse_json(text.encode())


def test_endless_nesting_is_refused() -> None:
    parse_statements(_nested(100))
    for levels in (300, 2000):
        with pytest.raises(Invalid):
            parse_statements(_nested(levels))


def test_more_statements_than_the_limit_are_refused() -> None:
    assert len(parse_statements(b"[{},{}]", limit=2)) == 2
    with pytest.raises(Invalid, match="more than 2 at once"):
        parse_statements(b"[{},{},{}]", limit=2)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T08:00:00Z", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2026-01-31 08:00:00.5+07:00", datetime(2026, 1, 31, 1, 0, 0, 500_000, UTC)),
        ("2026-01-31t08:00:00.1234567z", datetime(2026, 1, 31, 8, 0, 0, 123_456, UTC)),
        ("20260131T080000,25-0530", datetime(2026, 1, 31, 13, 30, 0, 250_000, UTC)),
        ("2026-01-31T08:00", datetime(2026, 1, 31, 8, tzinfo=UTC)),
        ("2016-12-31T23:59:60.5Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2017-01-01T06:59:60+07:00", datetime(2017, 1, 1, tzinfo=UTC)),
        ("20161231T235960Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_timestamps_become_instants_in_utc(text: str, moment: datetime) -> None:
    found = timestamp(text)
    assert found == moment
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-01-31", "2026-02-30T00:00:00Z", "2026-01-31T08:00:00-00:00"]
)
def test_what_is_no_timestamp_does_not_become_an_instant(text: str) -> None:
    with pytest.raises(Invalid, match=r"^timestamp: not a timestamp"):
        timestamp(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT4H35M59.14S", 16559.14),
        ("PT16559.14S", 16559.14),
        ("P4W", 2_419_200),
        ("P1D", 86_400),
        ("PT1,5H", 5_400),
        ("P1Y", 31_556_952),
        ("P12M", 31_556_952),
        ("PT0S", 0),
    ],
)
def test_durations_become_seconds(text: str, seconds: float) -> None:
    assert duration_seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "P", "P4W1D", "1 hour"])
def test_what_is_no_duration_does_not_become_seconds(text: str) -> None:
    with pytest.raises(Invalid, match=r"^duration: not a duration"):
        duration_seconds(text)


WORDS = st.integers(min_value=-(2**63), max_value=2**64 - 1)
LONG = st.integers(min_value=2**64, max_value=10**300) | st.integers(
    min_value=-(10**300), max_value=-(2**63) - 1
)
NUMBERS = (
    WORDS | LONG | st.floats(allow_nan=False, allow_infinity=False) | st.text('0123456789"\\', max_size=40)
)


@given(st.lists(NUMBERS | st.dictionaries(st.text("019", max_size=25), NUMBERS, max_size=3), max_size=6))
def test_whole_numbers_of_any_length_are_written_as_they_were_read(value: Any) -> None:
    """Data 2.2.s4.b3 demands less. The parser alone would make floats of those beyond 64 bits."""
    for text in (json.dumps(value).encode(), json.dumps(value, indent=1).encode()):
        written = orjson.dumps(parse_json(text))
        assert json.loads(written) == value
        assert orjson.dumps(parse_kept(written)) == written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-0", 0),
        ("-0.0", -0.0),
        ("1.0", 1.0),
        ("1.10", 1.1),
        ("1E5", 1e5),
        ("0.1000000000000000000001", 0.1),
        ("12345678901234567890.5", 12345678901234567890.5),
        ("18446744073709551615", 2**64 - 1),
        ("-9223372036854775808", -(2**63)),
        ("1e-400", 0.0),
        ('"18446744073709551616"', "18446744073709551616"),
    ],
)
def test_other_numbers_are_doubles_and_words(text: str, value: Any) -> None:
    read = parse_json(f'{{"n": {text}}}'.encode())["n"]
    assert (read, type(read), str(read)) == (value, type(value), str(value))


@pytest.mark.parametrize("text", ["1e400", "-1e400", "1" * 310])
def test_numbers_beyond_a_double_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="infinity"):
        parse_json(text.encode())
