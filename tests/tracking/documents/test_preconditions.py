"""Entity tags (RFC 9110, 8.8.3 and 13.1; xAPI 1.0.3 part 3, 3.1.s4), without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.documents.errors import PreconditionFailed, Unconditional
from tracking.documents.preconditions import Precondition, Tags, etag_of, read_tags
from tracking.statements.validation import Invalid

HERE = etag_of(b"here")
OTHER = etag_of(b"other")

tags = st.binary(max_size=8).map(etag_of)


def test_the_tag_is_the_sha1_of_the_bytes_in_lower_case():
    assert etag_of(b"abc") == "a9993e364706816aba3e25717850c26c9cd0d89d"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("*", Tags(any=True)),
        (" * ", Tags(any=True)),
        ("", Tags()),
        (f'"{HERE}"', Tags(strong=frozenset({HERE}))),
        (HERE, Tags(strong=frozenset({HERE}))),
        (f'W/"{HERE}"', Tags(weak=frozenset({HERE}))),
        ('"a", W/"b" ,c,"d,e"', Tags(strong=frozenset({"a", "c", "d,e"}), weak=frozenset({"b"}))),
        ('"unclosed', Tags()),
        ('""', Tags(strong=frozenset({""}))),
    ],
)
def test_headers_are_read_as_lists_of_tags(header, expected):
    assert read_tags(header) == expected


@given(strong=st.lists(tags), weak=st.lists(tags))
def test_a_written_list_is_read_back(strong, weak):
    header = ", ".join([*(f'"{tag}"' for tag in strong), *(f'W/"{tag}"' for tag in weak)])
    assert read_tags(header) == Tags(strong=frozenset(strong), weak=frozenset(weak))


@pytest.mark.parametrize(
    ("if_match", "if_none_match", "there", "passes"),
    [
        (None, None, HERE, True),
        (f'"{HERE}"', None, HERE, True),
        (f'"{OTHER}", "{HERE}"', None, HERE, True),
        ("*", None, HERE, True),
        ("*", None, None, False),
        (f'"{HERE}"', None, None, False),
        (f'"{OTHER}"', None, HERE, False),
        (f'W/"{HERE}"', None, HERE, False),  # If-Match compares strongly (RFC 9110, 13.1.1)
        ("", None, HERE, False),
        (None, "*", None, True),
        (None, "*", HERE, False),
        (None, f'"{HERE}"', HERE, False),
        (None, f'W/"{HERE}"', HERE, False),  # If-None-Match compares weakly (13.1.2)
        (None, f'"{OTHER}"', HERE, True),
        (f'"{HERE}"', f'"{OTHER}"', HERE, True),
        (f'"{HERE}"', "*", HERE, False),
    ],
)
@pytest.mark.parametrize("named", [False, True])
def test_conditions_are_compared_with_what_is_there(if_match, if_none_match, there, passes, named):
    condition = Precondition(
        if_match=read_tags(if_match), if_none_match=read_tags(if_none_match), named=named
    )
    lacking = named and there is not None and if_match is None and if_none_match is None
    if not passes:
        with pytest.raises(PreconditionFailed, match=r"^If-"):
            condition.check(there)
    elif lacking:
        with pytest.raises(Unconditional, match=r"present state.*If-Match"):  # 3.1.s4.b14: what to do
            condition.check(there)
    else:
        condition.check(there)


def test_where_one_must_be_given_always_nothing_is_put_without():
    """3.1.s3.b1"""
    always = Precondition(always_named=True)
    with pytest.raises(Invalid, match=r"^If-None-Match: is missing"):
        always.check(None)
    with pytest.raises(Unconditional):
        always.check(HERE)
    Precondition(always_named=True, if_none_match=read_tags("*")).check(None)
    Precondition(always_named=True, if_match=read_tags(HERE)).check(HERE)


@given(there=st.none() | tags, strong=st.sets(tags))
def test_exactly_one_of_if_match_and_if_none_match_passes(there, strong):
    header = ",".join(f'"{tag}"' for tag in strong)
    outcomes = []
    for condition in (
        Precondition(if_match=read_tags(header)),
        Precondition(if_none_match=read_tags(header)),
    ):
        try:
            condition.check(there)
        except PreconditionFailed:
            outcomes.append(False)
        else:
            outcomes.append(True)
    assert sorted(outcomes) == [False, True]
