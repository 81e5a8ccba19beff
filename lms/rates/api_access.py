"""Who asks `/api/v1/`: somebody who is signed in, or a program with the credentials of a client."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any, TypeVar

from flask import request

from lms.accounts import policy
from lms.accounts.access import current_account
from lms.accounts.policy import Permission
from lms.core.errors import Forbidden, Refused
from lms.core.web import session
from lms.units.models import Unit
from lms.units.queries import top_unit
from lms.xapi.access import client_of_request
from lms.xapi.credentials import KnownClient
from lms.xapi.models import Scope

V = TypeVar("V", bound=Callable[..., Any])


class Unauthorized(Refused):
    """Nobody is signed in, and the request bears no valid credentials."""

    status = 401


def for_programs(permission: Permission) -> Callable[[V], V]:
    """Let in whoever holds the permission somewhere, and clients that may read rates."""

    def guard(view: V) -> V:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            client = _client()
            if client is None:
                policy.demand(current_account(), permission)
            elif not client.may(Scope.RATES):
                raise Forbidden("This client may not read rates. It needs the scope rates/read.")
            return view(*args, **kwargs)

        marked: Any = guarded
        marked.access = permission
        marked.clients = True  # the route test reads both
        found: V = marked
        return found

    return guard


def demand(permission: Permission, unit: Unit) -> None:
    """Raises Forbidden where the asker's roles do not reach the unit; a client reaches all units."""
    if _client() is None:
        policy.demand(current_account(), permission, unit)


def reach(permission: Permission) -> Collection[Unit]:
    """The units whose subtrees the asker may ask about."""
    account = current_account()
    if _client() is None and account is not None:
        return policy.scopes(account, permission)
    top = top_unit(session())
    return [top] if top else []


def _client() -> KnownClient | None:
    """The client, none where somebody is signed in. Raises Unauthorized."""
    if request.authorization is None and current_account() is not None:
        return None
    client = client_of_request()
    if client is None:
        raise Unauthorized("Sign in first, or send the key and the secret of a client as Basic credentials.")
    return client
