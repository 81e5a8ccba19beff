"""docs/statement-map.md says what there is, and its examples are statements of ours."""

import json
import re

import pytest

from lms.core.vocabulary import iris
from lms.core.vocabulary.patterns import PATTERNS
from lms.core.vocabulary.templates import TEMPLATES
from tests.profiles.ours import kinds, wrong
from tests.test_docs import text
from tracking.statements.validation.statements import validate

MAP = text("statement-map.md")
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.+?)```", MAP, re.DOTALL)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["id"].partition("#")[2])
def test_every_template_has_a_row_with_its_verb(template):
    name, verb = template["id"].partition("#")[2], template["verb"].rpartition("/")[2]
    assert re.search(rf"^\| .+ \| `{name}` \| {verb} \|", MAP, re.MULTILINE)


def test_every_row_is_of_a_template_and_every_pattern_that_holds_is_told():
    rows = set(re.findall(r"^\| .+ \| `([a-z-]+)` \| \w+ \|", MAP, re.MULTILINE))
    assert {iris.own(name) for name in rows} == {template["id"] for template in TEMPLATES}
    primary = [pattern["id"].partition("#")[2] for pattern in PATTERNS if pattern.get("primary")]
    assert [name for name in primary if f"(`{name}`)" not in MAP and f"pattern `{name}`" not in MAP] == []


def test_our_own_names_are_told():
    for iri in (iris.PROFILE, iris.VERSION, iris.REASON, iris.PROGRESS):
        assert f"`{iri}`" in MAP


def test_the_examples_are_valid_and_follow_the_profile():
    assert len(EXAMPLES) > 1
    for example in EXAMPLES:
        validate(example, "1.0.3")
        assert wrong(example) == []
        assert len(kinds(example)) == 1
