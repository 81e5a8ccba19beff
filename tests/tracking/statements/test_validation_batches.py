"""Statements sent together."""

import pytest

from tests.tracking.statements.examples import OTHER_UUID, UUID, a_statement
from tracking.statements.validation import Invalid, validate_batch


def test_paths_begin_with_the_place_in_the_batch() -> None:
    good = a_statement()
    bad = a_statement(result={"score": {"scaled": 1.01}})
    with pytest.raises(Invalid) as caught:
        validate_batch([good, good, good, bad], "2.0.0")
    assert caught.value.path == "[3].result.score.scaled"
    assert str(caught.value) == "[3].result.score.scaled: must lie between -1 and 1"


def test_the_path_of_a_fault_in_a_single_statement_begins_in_it():
    with pytest.raises(Invalid) as refusal:
        validate_batch([a_statement(actor={"mbox": "nobody@example.org"})], "1.0.3")
    assert str(refusal.value) == "actor.mbox: not a mailto IRI"


def test_a_repeated_id_is_refused_by_2_0_whatever_its_case() -> None:
    with pytest.raises(Invalid) as caught:
        validate_batch([a_statement(id=UUID), a_statement(), a_statement(id=UUID.upper())], "2.0.0")
    assert caught.value.path == "[2].id"


def test_a_repeated_id_is_left_to_the_store_by_1_0_3() -> None:
    validate_batch([a_statement(id=UUID), a_statement(id=UUID)], "1.0.3")


def test_different_ids_none_at_all_and_no_statement_are_accepted() -> None:
    validate_batch([a_statement(id=UUID), a_statement(id=OTHER_UUID)], "2.0.0")
    validate_batch([a_statement(), a_statement()], "2.0.0")
    validate_batch([], "2.0.0")
