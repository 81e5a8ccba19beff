"""The Person object of /agents: an agent with arrays of what it is known by (xAPI 1.0.3 part 3, 2.4)."""

from collections.abc import Iterable
from typing import Any

from tracking.identities.persons import Alias
from tracking.statements.agents import named_by

ARRAYS = ("name", "mbox", "mbox_sha1sum", "openid", "account")


def person(asked: dict[str, Any], known: Iterable[Alias]) -> dict[str, Any]:
    """What was asked for comes first (2.4.s3.b3), then what we know; each value once."""
    found: dict[str, list[Any]] = {name: [] for name in ARRAYS}
    for agent in (asked, *(_agent(alias) for alias in known)):
        for name, values in found.items():
            if name in agent and agent[name] not in values:
                values.append(agent[name])
    return {"objectType": "Person", **{name: values for name, values in found.items() if values}}


def _agent(alias: Alias) -> dict[str, Any]:
    return named_by(alias.identifier) | ({"name": alias.name} if alias.name else {})
