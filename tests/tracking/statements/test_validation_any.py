"""Every valid statement is accepted; one change that xAPI forbids is refused where it was made."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tracking.statements.examples import VERSIONS, refusal
from tests.tracking.statements.strategies import statements
from tracking.statements.parsing import parse_statements
from tracking.statements.validation import Version, validate

versions = st.sampled_from(VERSIONS)
any_statement = versions.flatmap(lambda version: st.tuples(st.just(version), statements(version)))
unhurried = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)

Place = tuple[str, Any, Any]


def _places(value: Any, path: str = "") -> Iterator[Place]:
    """Path, container and key of everything that xAPI rules: extensions themselves, but not inside them."""
    if isinstance(value, dict):
        for key, item in value.items():
            here = key if key.isidentifier() else f'["{key}"]'
            below = f"{path}.{here}" if path and not here.startswith("[") else path + here
            yield below, value, key
            if key != "extensions":
                yield from _places(item, below)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield f"{path}[{position}]", value, position
            yield from _places(item, f"{path}[{position}]")


@unhurried
@given(any_statement)
def test_a_valid_statement_of_any_shape_is_accepted(made: tuple[Version, dict[str, Any]]) -> None:
    version, statement = made
    [parsed] = parse_statements(orjson.dumps(statement))
    validate(parsed, version)


@unhurried
@given(any_statement)
def test_a_statement_is_as_valid_after_it_was_validated(made: tuple[Version, dict[str, Any]]) -> None:
    version, statement = made
    validate(statement, version)
    once = deepcopy(statement)
    validate(statement, version)
    assert statement == once


@pytest.mark.parametrize("instead", [None, [[]], 12345.5, {"Not a property!": 1}], ids=repr)
@unhurried
@given(made=any_statement, data=st.data())
def test_one_value_of_another_type_is_refused_at_its_place(
    instead: Any, made: tuple[Version, dict[str, Any]], data: st.DataObject
) -> None:
    version, statement = made
    fitting = [
        place
        for place in _places(statement)
        if not (isinstance(instead, float) and isinstance(place[1][place[2]], (int, float)))
        and not (isinstance(instead, list) and isinstance(place[1][place[2]], list))
    ]
    path, container, key = data.draw(st.sampled_from(fitting))
    container[key] = instead
    assert refusal(statement, version).path.startswith(path)


@unhurried
@given(any_statement, st.data())
def test_one_unknown_property_is_refused_by_name(
    made: tuple[Version, dict[str, Any]], data: st.DataObject
) -> None:
    version, statement = made
    nodes = [("", statement)]
    nodes += [(path, box[key]) for path, box, key in _places(statement) if isinstance(box[key], dict)]
    path, node = data.draw(st.sampled_from(nodes))
    node["Not a property!"] = "x"
    assert refusal(statement, version).path == f'{path}["Not a property!"]'


@unhurried
@given(any_statement, st.data())
def test_a_name_in_the_wrong_case_is_refused(
    made: tuple[Version, dict[str, Any]], data: st.DataObject
) -> None:
    version, statement = made
    name = data.draw(st.sampled_from(sorted(statement)))
    statement[name.upper()] = statement.pop(name)
    assert refusal(statement, version).path == name.upper()
