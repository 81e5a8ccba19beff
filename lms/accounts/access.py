"""Who asks, and what a view demands of them. Every view says which of the three it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask
from flask_login import LoginManager, current_user, login_required

from lms.accounts import policy
from lms.accounts.models import Account
from lms.accounts.policy import Permission
from lms.accounts.queries import account_of_session
from lms.core.web import session
from lms.core.web.hosts import on_content_host
from lms.core.web.request import may_ask

V = TypeVar("V", bound=Callable[..., Any])

logins = LoginManager()

GUEST = "guest"  # where the cookie keeps the id under which lessons were tried before signing in


def current_account() -> Account | None:
    """The account that is signed in, if any; never one on the content origin."""
    return current_user if may_ask() and isinstance(_unwrapped(), Account) else None


def the_account() -> Account:
    """The account that is signed in, inside a view that demands one."""
    account = _unwrapped()
    if not isinstance(account, Account):
        message = "a view that needs an account does not demand one"
        raise TypeError(message)
    return account


def public(view: V) -> V:
    """Anybody may see this."""
    view.access = "public"  # type: ignore[attr-defined]  # the route test reads it
    return view


def signed_in(view: V) -> V:
    """Somebody who is signed in may see this; what they see of it is theirs."""
    guarded: V = login_required(view)
    guarded.access = "signed in"  # type: ignore[attr-defined]
    return guarded


def requires(permission: Permission) -> Callable[[V], V]:
    """Somebody who holds the permission somewhere may come in; the view then demands it for the unit."""

    def guard(view: V) -> V:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            policy.demand(the_account(), permission)
            return view(*args, **kwargs)

        marked: Any = login_required(guarded)
        marked.access = permission
        found: V = marked
        return found

    return guard


def init_app(app: Flask) -> None:
    logins.init_app(app)
    logins.login_view = "accounts.sign_in"
    logins.login_message = None
    logins.user_loader(_load)
    app.jinja_env.globals["current_account"] = current_account
    app.jinja_env.globals["allows"] = _allows
    app.jinja_env.globals["Permission"] = Permission


def _allows(permission: Permission, unit: Any = None) -> bool:
    return policy.allows(current_account(), permission, unit)


def _load(stored: str) -> Account | None:
    return account_of_session(session(), stored) if may_ask() and not on_content_host() else None


def _unwrapped() -> Any:
    return current_user._get_current_object()  # noqa: SLF001  (the documented way through a proxy)
