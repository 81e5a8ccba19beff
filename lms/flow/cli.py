"""The commands about statements that come from elsewhere and go there."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy.orm import Session

from lms.core.commands import Answer, json_option, runtime
from lms.core.errors import Refused
from lms.core.i18n import using, words_of
from lms.core.runtime import Runtime
from lms.flow.models import RemoteStore
from lms.flow.queries import remotes, the_remote
from lms.flow.services.due import queue_run
from lms.flow.services.forwarding import forward
from lms.flow.services.managing import retry, try_letters
from lms.flow.services.pulling import pull
from lms.flow.services.running import Report, Run
from lms.flow.words import Standing, iso, standing_of


@click.group("flow")
def flow() -> None:
    """Statements pulled from other record stores, and ours forwarded to them."""


@flow.command("list")
@json_option
def list_(answer: Answer) -> None:
    """List sources and destinations: how each stands, how far behind it is, what went wrong."""
    with using("en"), runtime().database.snapshot() as session:
        found = [standing_of(session, remote) for remote in remotes(session)]
        words = "\n".join(_line(each) for each in found) or "There are no sources and no destinations yet."
        answer([_standing(each) for each in found], words)


@flow.command("pull")
@click.argument("number", type=int, required=False)
@json_option
def pull_command(number: int | None, answer: Answer) -> None:
    """Pull now from all sources that were started, or from the one with this NUMBER, until their end."""
    _run(pull, _chosen(number, pulls=True), answer)


@flow.command("forward")
@click.argument("number", type=int, required=False)
@json_option
def forward_command(number: int | None, answer: Answer) -> None:
    """Forward now to all destinations that were started, or to the one with this NUMBER."""
    _run(forward, _chosen(number, pulls=False), answer)


@flow.command("retry")
@click.argument("number", type=int, required=False)
@click.option("--dead-letters", is_flag=True, help="Try refused statements again too.")
@json_option
def retry_command(number: int | None, *, dead_letters: bool, answer: Answer) -> None:
    """Let the worker try again at once, whatever went wrong: all that were started, or this NUMBER."""
    held, done = runtime(), []
    with held.database.transaction() as session:
        for remote in _started(session, number):
            retry(session, remote, actor=None)
            letters = try_letters(session, remote, None, actor=None) if dead_letters else 0
            queue_run(session, held, remote)
            done.append({"number": remote.id, "name": remote.name, "dead_letters": letters})
    words = "\n".join(f"{each['number']}  {each['name']}: queued" for each in done)
    answer(done, words or "Nothing is started.")


def _chosen(number: int | None, *, pulls: bool) -> list[int]:
    with runtime().database.snapshot() as session:
        found = [remote for remote in _started(session, number) if remote.pulls == pulls]
    if number is not None and not found:
        if pulls:
            raise Refused("It is a destination. Use: lms flow forward")
        raise Refused("It is a source. Use: lms flow pull")
    return [remote.id for remote in found]


def _started(session: Session, number: int | None) -> list[RemoteStore]:
    if number is None:
        return [remote for remote in remotes(session) if remote.active]
    remote = the_remote(session, number, lock=True)
    if not remote.active:
        raise Refused("“%(name)s” is not running. Start it first.", name=remote.name)
    return [remote]


def _run(do: Callable[[Run, int], Report], chosen: list[int], answer: Answer) -> None:
    held = runtime()
    documents = []
    for remote_id in chosen:
        report = do(Run(held, _steps(held, answer)), remote_id)
        with held.database.snapshot() as session:
            documents.append(_report(the_remote(session, remote_id), report))
    answer(documents, "\n".join(_told(each) for each in documents) or "Nothing is started.")
    if any(each["problem"] for each in documents):
        sys.exit(1)


def _steps(held: Runtime, answer: Answer) -> Any:
    """Transactions of the command; how far they are stands on stderr, where somebody looks on."""
    shown = sys.stderr.isatty() and not answer.as_json

    @contextmanager
    def step(done: int, _total: int | None = None) -> Iterator[Session]:
        with held.database.transaction() as session:
            yield session
        if shown:
            click.echo(f"\r{done} statements", nl=False, err=True)

    return step


def _report(remote: RemoteStore, report: Report) -> dict[str, Any]:
    return {
        "number": remote.id,
        "name": remote.name,
        "new": report.new,
        "known": report.known,
        "refused": report.refused,
        "finished": report.finished,
        "problem": _problem(report),
    }


def _problem(report: Report) -> str | None:
    with using("en"):
        return words_of(report.trouble) if report.trouble else None


def _told(each: dict[str, Any]) -> str:
    counts = f"{each['new']} new, {each['known']} known, {each['refused']} refused"
    return f"{each['number']}  {each['name']}: {counts}" + (f". {each['problem']}" if each["problem"] else "")


def _standing(each: Standing) -> dict[str, Any]:
    remote, lag = each.remote, each.lag
    return {
        "number": remote.id,
        "direction": remote.direction,
        "name": remote.name,
        "endpoint": remote.endpoint,
        "state": each.condition.value,
        "moved": remote.moved,
        "behind": lag.statements if lag else None,
        "behind_since": iso(lag.since) if lag else iso(each.walk.high) if each.walk else None,
        "dead_letters": each.letters,
        "last_success": iso(remote.succeeded),
        "next_try": iso(remote.next_try) if _has_next_try(remote) else None,
        "problem": each.problem,
    }


def _has_next_try(remote: RemoteStore) -> bool:
    """A destination that works is run when there is something for it, at no time of its own."""
    return remote.active and not remote.stopped and (remote.pulls or remote.failures > 0)


def _line(each: Standing) -> str:
    remote = each.remote
    parts = [each.title, each.lag_in_words]
    parts += [f"{each.letters} refused"] if each.letters else []
    parts += [each.problem] if each.problem else []
    return f"{remote.id}  {'from' if remote.pulls else 'to'} {remote.name}: {'; '.join(parts)}"
