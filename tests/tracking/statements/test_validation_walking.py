"""What is remembered as good, and what never is."""

from typing import Any
from uuid import UUID

import pytest

from tracking.statements.validation import Invalid, walking
from tracking.statements.validation.formats import iri
from tracking.statements.validation.walking import remembering, walk


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A remembering check of objects with one IRI, and the list of what it looked at."""
    monkeypatch.setattr(walking, "REMEMBERED", 2)
    monkeypatch.setattr(walking, "LONGEST_REMEMBERED", 50)
    looked: list[Any] = []

    def check(value: Any) -> None:
        looked.append(value)
        walk(value, {"id": iri})

    return remembering(check), looked


def test_what_was_accepted_is_not_looked_at_again(looks: Any) -> None:
    check, looked = looks
    for _ in range(3):
        check({"id": "urn:a"})
    assert len(looked) == 1


def test_what_was_refused_is_refused_again(looks: Any) -> None:
    check, looked = looks
    for _ in range(3):
        with pytest.raises(Invalid, match="id: not an IRI"):
            check({"id": "a"})
    assert len(looked) == 3


def test_what_is_remembered_is_bounded_in_number_and_size(looks: Any) -> None:
    check, looked = looks
    for number in (1, 2, 3, 1):
        check({"id": f"urn:{number}"})
    assert len(looked) == 4
    for _ in range(2):
        check({"id": "urn:" + "x" * 100})
    assert len(looked) == 6


@pytest.mark.parametrize("value", [{"id": {1, 2}}, {1: "urn:a"}, {"id": b"urn:a"}, {"id": UUID(int=1)}])
def test_what_json_cannot_hold_is_refused_all_the_same(value: Any, looks: Any) -> None:
    check, _ = looks
    with pytest.raises(Invalid):
        check(value)
