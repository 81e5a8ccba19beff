"""Prerequisites of SCORM 1.2: when a lesson may be opened (aicc_script; AICC CMI001, appendix A)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:(?P<sign><>|[=&|~(){},])|(?P<count>\d+)\s*\*|"(?P<quoted>[^"]*)"|(?P<name>[^\s"=<>&|~(){},*]+))"""
)
_DONE = frozenset({"completed", "passed"})
# AICC writes a status by its first letter.
_LETTERS = {
    "p": "passed",
    "c": "completed",
    "f": "failed",
    "i": "incomplete",
    "b": "browsed",
    "n": "not attempted",
}
# A real expression names a few lessons; deeper nesting is somebody's game.
_DEEPEST = 50


def prerequisites_met(expression: str, statuses: Mapping[str, str]) -> bool:
    """Whether a lesson may be opened, given the lesson_status of others by identifier.

    Without a status a lesson counts as "not attempted". An expression that cannot be understood forbids
    nothing: a learner must not be shut out by an author's slip.
    """
    if not expression.strip():
        return True
    try:
        return _Expression(_tokens(expression), statuses).whole()
    except _NotUnderstoodError:
        return True


class _NotUnderstoodError(Exception):
    pass


@dataclass(frozen=True)
class _Token:
    """`kind` is sign, count, quoted or name."""

    kind: str
    text: str


def _tokens(expression: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    expression = expression.strip()
    while place < len(expression):
        match = _TOKEN.match(expression, place)
        if match is None:
            raise _NotUnderstoodError
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match[kind]))
        place = match.end()
    return tokens


class _Expression:
    """Reads from the left; `&` binds before `|`, `~` before both."""

    def __init__(self, tokens: list[_Token], statuses: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._statuses = statuses
        self._place = 0
        self._depth = 0

    def whole(self) -> bool:
        answer = self._either()
        if self._place != len(self._tokens):
            raise _NotUnderstoodError
        return answer

    def _either(self) -> bool:
        answer = self._both()
        while self._takes("|"):
            answer = self._both() or answer
        return answer

    def _both(self) -> bool:
        answer = self._one()
        while self._takes("&"):
            answer = self._one() and answer
        return answer

    def _one(self) -> bool:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _NotUnderstoodError
        answer = self._single()
        self._depth -= 1
        return answer

    def _single(self) -> bool:
        if self._takes("~"):
            return not self._one()
        if self._takes("("):
            answer = self._either()
            self._must(")")
            return answer
        token = self._next()
        if token.kind == "count":
            return self._count(int(token.text))
        if token.kind == "sign":
            raise _NotUnderstoodError
        return self._status(token.text)

    def _count(self, least: int) -> bool:
        """`2*{A, B, C}`: at least two of them."""
        self._must("{")
        answers = [self._either()]
        while self._takes(","):
            answers.append(self._either())
        self._must("}")
        return sum(answers) >= least

    def _status(self, identifier: str) -> bool:
        status = self._statuses.get(identifier, "not attempted")
        for sign in ("=", "<>"):
            if self._takes(sign):
                wanted = self._next().text.strip().lower()
                return (_LETTERS.get(wanted, wanted) == status) == (sign == "=")
        return status in _DONE

    def _next(self) -> _Token:
        if self._place >= len(self._tokens):
            raise _NotUnderstoodError
        self._place += 1
        return self._tokens[self._place - 1]

    def _takes(self, sign: str) -> bool:
        if self._place < len(self._tokens) and self._tokens[self._place] == _Token("sign", sign):
            self._place += 1
            return True
        return False

    def _must(self, sign: str) -> None:
        if not self._takes(sign):
            raise _NotUnderstoodError
