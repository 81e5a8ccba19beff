"""What an express way hands on to the application."""

from collections.abc import Iterable

from flask import Flask


class Watched:
    """The application, which counts what is handed on to it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.calls = 0

    def __call__(self, environ, start_response) -> Iterable[bytes]:
        self.calls += 1
        return self.app(environ, start_response)
