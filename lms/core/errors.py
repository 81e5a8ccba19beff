"""What a room refuses, in words for the person who asked."""

from typing import Any


class Refused(Exception):
    """The request cannot be carried out; nothing was changed.

    `message` is an English msgid with `%(name)s` places for `params`; it says what is wrong and what to do.
    """

    status = 400

    def __init__(self, message: str, **params: Any) -> None:
        self.message = message
        self.params = params
        super().__init__(message, params)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class NotFound(Refused):
    """Nothing of that name is here, or none that the asker may see."""

    status = 404


class Forbidden(Refused):
    """The asker's roles do not reach this."""

    status = 403


class Conflict(Refused):
    """What is stored already contradicts the request."""

    status = 409


class Unavailable(Refused):
    """Not now; the same request may be sent again later."""

    status = 503
