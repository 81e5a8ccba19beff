"""What packages and lessons are refused for."""

from typing import Any


class Refused(Exception):
    """The request cannot be carried out.

    `message` is an English msgid with `%(name)s` places for `params`.
    """

    def __init__(self, message: str, **params: Any) -> None:
        self.message = message
        self.params = params
        super().__init__(message, params)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message
