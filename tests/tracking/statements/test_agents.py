"""One identity, one string (Data 2.4.2.3)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.statements.examples import AGENT, GROUP
from tests.tracking.statements.strategies import agents, anonymous_groups, identified_groups
from tracking.statements.agents import identifier

HOME = "https://hoc.example.org"


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (AGENT, "mbox:mailto:lan@example.org"),
        ({"mbox": "mailto:Lan@EXAMPLE.org"}, "mbox:mailto:Lan@example.org"),
        ({"mbox_sha1sum": "AB" * 20}, "mbox_sha1sum:" + "ab" * 20),
        ({"openid": "https://Lan.example.org/"}, "openid:https://Lan.example.org/"),
        ({"account": {"homePage": HOME, "name": "7d9c"}}, f"account:{HOME}|7d9c"),
        ({"account": {"homePage": HOME, "name": "a|b%7C"}}, f"account:{HOME}|a|b%7C"),
        ({"account": {"homePage": HOME + "/%7C", "name": ""}}, f"account:{HOME}/%257C|"),
        ({"account": {"homePage": HOME + "/|x", "name": "y"}}, f"account:{HOME}/%7Cx|y"),
        ({**GROUP, "openid": "urn:tổ:1"}, "openid:urn:tổ:1"),
    ],
)
def test_the_identifier_is_written_in_one_way(agent: dict[str, Any], expected: str) -> None:
    assert identifier(agent) == expected


@given(anonymous_groups)
def test_an_anonymous_group_has_none(group: dict[str, Any]) -> None:
    assert identifier(group) is None


@given(agents | identified_groups, st.text())
def test_names_members_and_types_do_not_matter(agent: dict[str, Any], name: str) -> None:
    renamed = {key: value for key, value in agent.items() if key not in ("objectType", "member")} | {
        "name": name
    }
    assert identifier(renamed) == identifier(agent)


@given(*[st.fixed_dictionaries({"homePage": st.text("a|%7C"), "name": st.text("a|%7C")})] * 2)
def test_different_accounts_never_share_an_identifier(a: dict[str, str], b: dict[str, str]) -> None:
    assert (identifier({"account": a}) == identifier({"account": b})) == (a == b)
