"""JSONPath as far as profiles may use it (xAPI Profiles part 2, 8.1)."""

from typing import Any

import pytest

from tests.profiles.paths import BadPath, find

DOCUMENT = {
    "id": "x",
    "result": {"extensions": {"https://a.vn/b#c.d|e": 5}},
    "many": [{"id": 1}, {"id": 2}, {"name": "third"}],
}
FOUND: list[tuple[str, list[Any]]] = [
    ("$.id", ["x"]),
    ("id", ["x"]),
    ("$.many[*].id", [1, 2]),
    ("$.many[1].id", [2]),
    ("$.many[0, 2]", [{"id": 1}, {"name": "third"}]),
    ("$.many[7].id", []),
    ("$.many.id", []),
    ("$.many[*]['id','name']", [1, 2, "third"]),
    ("$['result'].extensions['https://a.vn/b#c.d|e']", [5]),
    ("$.result.*", [{"https://a.vn/b#c.d|e": 5}]),
    ("$.id[*]", []),
    ("$.nothing", []),
    ("$.id | $.many[0].id", ["x", 1]),
    ("$.many", [[{"id": 1}, {"id": 2}, {"name": "third"}]]),
]


@pytest.mark.parametrize(("path", "values"), FOUND)
def test_a_path_finds_values(path: str, values: list[Any]):
    assert find(path, DOCUMENT) == values


@pytest.mark.parametrize(
    "path", ["", "$..id", "$.many[?(@.id)]", "$.many[(@.length-1)]", "$.many[-1]", "$.a[", "$ .a"]
)
def test_what_profiles_may_not_use_is_refused(path: str):
    with pytest.raises(BadPath):
        find(path, DOCUMENT)
