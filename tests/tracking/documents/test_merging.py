"""Merging JSON objects (xAPI 1.0.3 part 3, 2.2.s7), as properties."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.documents.merging import is_json, merged
from tracking.statements.validation import Invalid

texts = st.text(st.characters(codec="utf-8"), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(texts, values, max_size=5)
# However it is written: with or without blanks and escapes.
written = st.sampled_from([{}, {"indent": 1}, {"ensure_ascii": False}, {"separators": (",", ":")}])


@given(kept=objects, posted=objects, first=written, second=written)
def test_the_outcome_has_the_properties_of_both_and_those_posted_win(kept, posted, first, second):
    outcome = merged(json.dumps(kept, **first).encode(), json.dumps(posted, **second).encode())
    assert json.loads(outcome) == kept | posted


@given(kept=objects, posted=objects)
def test_merging_the_same_again_changes_nothing(kept, posted):
    sent = json.dumps(posted).encode()
    once = merged(json.dumps(kept).encode(), sent)
    assert merged(once, sent) == once


@given(kept=objects, first=objects, second=objects)
def test_merging_one_after_the_other_is_merging_both(kept, first, second):
    start, one, two = (json.dumps(value).encode() for value in (kept, first, second))
    assert json.loads(merged(merged(start, one), two)) == json.loads(merged(start, merged(one, two)))


@given(digits=st.from_regex(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", fullmatch=True))
def test_numbers_keep_their_digits(digits):
    assert merged(b'{"n": %s}' % digits.encode(), b'{"m":1}') == b'{"n":%s,"m":1}' % digits.encode()


@given(value=values.filter(lambda value: not isinstance(value, dict)))
def test_what_is_no_object_is_merged_with_nothing(value):
    text = json.dumps(value).encode()
    for kept, posted, which in ((text, b"{}", "there"), (b"{}", text, "sent")):
        with pytest.raises(Invalid, match=f"that (is|was) {which}: not a JSON object"):
            merged(kept, posted)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"\xff", b'{"a":1,"a":1}', b'{"a":NaN}', b"{'a':1}", b'{"a":1}{}']
)
def test_what_is_no_json_is_refused(text):
    with pytest.raises(Invalid):
        merged(b"{}", text)


@pytest.mark.parametrize(("text", "expected"), [
    ("application/json", True), ("Application/JSON; charset=UTF-8", True), ("application/json;", True),
    ("application/jsonp", False), ("not/json", False), ("", False), ("application/ld+json", False),
])  # fmt: skip
def test_media_types_are_compared_without_parameters_and_case(text, expected):
    assert is_json(text) is expected
