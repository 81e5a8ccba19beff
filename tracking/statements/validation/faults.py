"""What the validator says when it refuses."""

from typing import Any

from tracking.errors import Refused

LONGEST_NAME = 80


class Invalid(Refused):
    """A statement breaks a rule of xAPI at `path`, such as `actor.mbox` or `[3].result.score.scaled`.

    `message` is a msgid that begins with `%(path)s: `. The path of a fault of the whole is empty, and is
    called `statement` in the sentence.
    """

    def __init__(self, message: str, path: str = "", **params: Any) -> None:
        super().__init__(message, path=path or "statement", **params)
        self.path = path

    def enter(self, step: str | int) -> "Invalid":
        """Put one step in front of the path: the name of a property, or a place in an array."""
        self.path = _written(step) + _joined(self.path)
        self.params["path"] = self.path
        return self


def _written(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if step.isidentifier() and len(step) <= LONGEST_NAME:
        return step
    quoted = step[:LONGEST_NAME].replace("\\", "\\\\").replace('"', '\\"')
    return f'["{quoted}"]'


def _joined(rest: str) -> str:
    return rest if not rest or rest.startswith("[") else "." + rest
