"""Clients in words: what they may do, how they are."""

from lms.core.audit import Act
from lms.core.clock import utc_now
from lms.core.i18n import Message, lazy
from lms.xapi.models import Client, Scope

SCOPES: dict[Scope, Message] = {
    Scope.WRITE: lazy("Send statements"),
    Scope.READ_MINE: lazy("Read the statements that it sent"),
    Scope.READ: lazy("Read all statements"),
    Scope.STATE: lazy("Keep notes about unfinished lessons"),
    Scope.PROFILE: lazy("Keep documents about lessons and people"),
    Scope.RATES: lazy("Ask for figures"),
    Scope.ALL: lazy("Everything"),
}

EXPLAINED: dict[Scope, Message] = {
    Scope.WRITE: lazy(
        "It tells what people did. What they completed counts in the figures: only for those you trust."
    ),
    Scope.READ_MINE: lazy("It can check what arrived. It sees nothing of others."),
    Scope.READ: lazy("What everybody did, with names and numbers. Only for those who may know all of it."),
    Scope.STATE: lazy("Where a learner stopped, for lessons that run elsewhere (xAPI state)."),
    Scope.PROFILE: lazy("Settings of lessons and of people, and what people are called (xAPI profiles)."),
    Scope.RATES: lazy("Completed and members of every unit through /api/v1/, with the people behind them."),
    Scope.ALL: lazy("All of the above, and what is added later. Seldom needed."),
}


ACTS: dict[str, Message] = {
    Act.CLIENT_ADDED: lazy("Added"),
    Act.CLIENT_CHANGED: lazy("Changed"),
    Act.CLIENT_ROTATED: lazy("New secret"),
    Act.CLIENT_REVOKED: lazy("Revoked"),
}


def scope_words(scope: str) -> Message | str:
    return SCOPES[Scope(scope)] if scope in set(Scope) else scope


def old_secret_works(client: Client) -> bool:
    """Whether the secret from before the last change still lets the client in."""
    return (
        client.revoked is None
        and client.former_digest is not None
        and client.former_until is not None
        and client.former_until > utc_now()
    )
