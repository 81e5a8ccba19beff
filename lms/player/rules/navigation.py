"""What the browser says of a course with sequencing: where the learner is, and what goes on with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.player.rules.reading import BadSnapshot, mapping

LONGEST_STATE = 700_000
_LONGEST_NAME, _LONGEST_STORE, _MOST = 4000, 64_000, 1000
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Navigation:
    """`state` is scorm-again's text; `objectives` the global ones by id, `shared` the stores of adl.data.

    `current` is the lesson (identifier) at which the learner is, `open` are those that may be chosen.
    `over`: the way through the course has ended, and the next begins anew.
    """

    state: str
    objectives: dict[str, dict[str, Any]]
    shared: dict[str, str]
    current: str
    open: tuple[str, ...]
    over: bool


def read_navigation(document: Any) -> Navigation | None:
    """None where nothing was said. Raises BadSnapshot."""
    if document is None:
        return None
    said = mapping(document)
    objectives = mapping(said.get("objectives"))
    shared = mapping(said.get("shared"))
    chosen = said.get("open", [])
    if not isinstance(chosen, list) or max(len(chosen), len(objectives), len(shared)) > _MOST:
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    return Navigation(
        state=_text(said.get("state", ""), LONGEST_STATE),
        objectives={_text(name): _plain(value) for name, value in objectives.items()},
        shared={_text(name): _text(value, _LONGEST_STORE) for name, value in shared.items()},
        current=_text(said.get("current", ""))[:1000],
        open=tuple(_text(one) for one in chosen),
        over=said.get("over") is True,
    )


def satisfied_objectives(objectives: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The ids of those that are satisfied."""
    return frozenset(
        name
        for name, one in objectives.items()
        if one.get("satisfiedStatusKnown") is True and one.get("satisfiedStatus") is True
    )


def _text(value: Any, longest: int = _LONGEST_NAME) -> str:
    if not isinstance(value, str) or len(value) > longest or _UNWRITABLE.search(value):
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    return value


def _plain(value: Any) -> dict[str, Any]:
    """An objective as scorm-again writes it: names with texts, numbers and yes or no."""
    found = mapping(value)
    if len(found) > _MOST or not all(
        isinstance(one, str | int | float | bool | None) for one in found.values()
    ):
        raise BadSnapshot("The lesson sent data that cannot be understood.")
    return {_text(name): _text(one) if isinstance(one, str) else one for name, one in found.items()}
