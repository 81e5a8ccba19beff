"""The request's database session: returning commits, raising rolls back."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from lms.core.runtime import Runtime

V = TypeVar("V", bound=Callable[..., object])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def runtime() -> Runtime:
    """The runtime of the application that answers this request."""
    held: Runtime = current_app.extensions["lms"]
    return held


def session() -> Session:
    """The one session of this request, opened when first asked for."""
    if "session" not in g:
        database = runtime().database
        g.session = database.writing() if _will_write() else database.reading()
    opened: Session = g.session
    return opened


def writes(view: V) -> V:
    """Mark a view that writes although it is asked by GET."""
    view.writes = True  # type: ignore[attr-defined]  # an attribute on a function, as Flask's extensions do
    return view


def renew() -> None:
    """Let a request that reads see what was committed since it began to."""
    if "session" in g:
        g.session.commit()


def ask_no_more() -> None:
    """From now on, while a page says that the database cannot be used, nobody is looked up in it."""
    g.unasked = True


def may_ask() -> bool:
    return not g.get("unasked", False)


def roll_back() -> None:
    if "session" in g:
        g.session.rollback()


def init_app(app: Flask) -> None:
    app.after_request(_commit)
    app.teardown_appcontext(_close)


def _will_write() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in SAFE_METHODS or getattr(view, "writes", False)


def _commit(response: Response) -> Response:
    """Commit, before others look at the answer; where that fails, the answer is that of the failure.

    Flask hands errors of views to their handlers, but not those that are raised here.
    """
    if "session" in g:
        try:
            g.session.commit()
        except Exception as error:  # noqa: BLE001  (a handler's, or raised again)
            return current_app.make_response(current_app.handle_user_exception(error))
    return response


def _close(_error: BaseException | None) -> None:
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        opened.close()
