"""Asking a remote store whether it lets us in, before statements flow."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.i18n import Message, lazy
from lms.flow.filters import query_of
from lms.flow.models import RemoteStore
from lms.flow.outcomes import Trouble
from lms.flow.remote import QUICK, Remote
from lms.flow.services.running import open_remote
from lms.flow.transport import Exchange, exchange

NOT_FOUND, FORBIDDEN = 404, 403


@dataclass(frozen=True)
class Verdict:
    """Whether it works as far as that can be told without sending anything, and a sentence."""

    good: bool
    sentence: Message


def try_connection(remote: RemoteStore, *, secret_key: str, send: Exchange = exchange) -> Verdict:
    """Ask for `about`, then for one statement. Takes 16 seconds at the most, and changes nothing there.

    No transaction should be open meanwhile.
    """
    store = open_remote(remote, secret_key=secret_key, send=send, limits=QUICK)
    return _trouble(store) if isinstance(store, Trouble) else _ask(remote, store)


def note(session: Session, remote_id: int, verdict: Verdict, *, actor: int | None) -> None:
    """Write down that it was asked."""
    log(session, Act.REMOTE_TESTED, actor=actor, subject=str(remote_id), good=verdict.good)


def _ask(remote: RemoteStore, store: Remote) -> Verdict:
    about = store.about()
    if about.trouble is not None and about.trouble.status != NOT_FOUND:
        return _trouble(about.trouble)
    known = about.value or []
    if known and not any(_fits(version, remote.version) for version in known):
        return Verdict(
            good=False,
            sentence=lazy(
                "It speaks xAPI %(known)s, and not %(version)s. Choose another version.",
                known=", ".join(known)[:100],
                version=remote.version,
            ),
        )
    return _ask_source(remote, store) if remote.pulls else _ask_destination(store)


def _ask_source(remote: RemoteStore, store: Remote) -> Verdict:
    page = store.page(query_of(remote, since=remote.since, size=1))
    if page.trouble is not None:
        return _trouble(page.trouble)
    if page.value and page.value.statements:
        return Verdict(good=True, sentence=lazy("It lets us in, and it has statements for us."))
    return Verdict(good=True, sentence=lazy("It lets us in. It has no statements for us yet."))


def _ask_destination(store: Remote) -> Verdict:
    """Ask for a statement that is not there: whether we may write cannot be known without writing."""
    trouble = store.statement(str(uuid4())).trouble
    if trouble is None or trouble.status == NOT_FOUND:
        return Verdict(
            good=True, sentence=lazy("It lets us in. Whether we may send there, the first sending will show.")
        )
    if trouble.status == FORBIDDEN:
        return Verdict(
            good=True,
            sentence=lazy(
                "It knows our key, which may not read there. Whether it may send, the first sending will "
                "show."
            ),
        )
    return _trouble(trouble)


def _trouble(trouble: Trouble) -> Verdict:
    return Verdict(good=False, sentence=Message(trouble.message, **trouble.params))


def _fits(known: str, version: str) -> bool:
    """1.0.3 and 1.0.1 differ in nothing that is asked; 1.0 and 2.0 do."""
    return known.split(".")[:2] == version.split(".")[:2]
