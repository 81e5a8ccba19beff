"""Forwarding: what the record holds goes to a destination in its order, and nothing is forgotten.

The outbox is the record itself; the position is the number of the last statement that the destination has, or
has refused. What is sent and not acknowledged is sent again: the ids make that harmless.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.flow.filters import going_to, wanted
from lms.flow.letters import Refusal, put_aside, refused_again
from lms.flow.models import DeadLetter, RemoteStore
from lms.flow.outcomes import Kind, Outcome, Trouble
from lms.flow.queries import letters_again, settled, the_remote
from lms.flow.remote import Remote
from lms.flow.services.running import Overtaken, Report, Run, ill, load, move, open_remote, well
from lms.xapi.attaching import enclose
from tracking.record.models import Statement
from tracking.statements.attachments import attachments_of
from tracking.statements.comparing import same

BATCH = 50  # statements sent at once
MOST_BYTES = 4 * 1024 * 1024  # of a batch; a larger statement is sent by itself
# After so many refusals without an acceptance between them, it is not the statements that are wrong.
MOST_REFUSALS = 20
CONFLICT = 409


@dataclass(frozen=True)
class Care:
    """How to go on after a refusal: one by one until this number; so many were refused in a row."""

    until: int = 0
    refusals: int = 0


@dataclass(frozen=True)
class Item:
    seq: int
    id: UUID
    raw: bytes


@dataclass(frozen=True)
class Batch:
    """Statements to send, and the position once they are done with; `files`: the one has files with it."""

    items: list[Item]
    seq: int
    files: bool = False


def forward(run: Run, remote_id: int) -> Report:
    """Send a destination what it has not got, until its end, trouble, or the end of this run's time."""
    report = Report()
    try:
        remote = load(run, remote_id)
        store = open_remote(
            remote, secret_key=run.runtime.settings.secret_key, send=run.send, limits=run.limits
        )
        if isinstance(store, Trouble):
            _note(run, remote, report, store)
            return report
        _try_letters_again(run, remote_id, store, report)
        while report.trouble is None and not report.finished and run.goes_on():
            _go_on(run, load(run, remote_id), store, report)
    except Overtaken:
        pass
    return report


def _go_on(run: Run, remote: RemoteStore, store: Remote, report: Report) -> None:
    """Send the next batch."""
    care = Care(**(remote.walk or {}))
    with run.runtime.database.snapshot() as session:
        end = settled(session)
        batch = next_batch(session, remote, end, size=1 if remote.seq < care.until else BATCH)
        outcome = _send(run, session, store, batch) if batch.files else None
    if batch.items:
        _settle(run, remote, store, report, batch, care, outcome or store.store(_raws(batch)))
    else:
        report.finished = True
        if batch.seq != remote.seq or remote.failures:
            with run.step(report.done) as session:
                move(session, remote, seq=batch.seq, **well(run.now()))


def next_batch(session: Session, remote: RemoteStore, end: int, *, size: int = BATCH) -> Batch:
    """The next statements for the destination, up to the number `end`, where the position then is if none."""
    rows = session.execute(
        select(Statement.seq, Statement.id, Statement.raw, Statement.voids)
        .where(Statement.seq > remote.seq, Statement.seq <= end, going_to(session, remote))
        .order_by(Statement.seq)
        .limit(size)
    ).all()
    items: list[Item] = []
    position, weight = remote.seq, 0
    for row in rows:
        weight += len(row.raw)
        files = bool(attachments_of(session, [row.raw]))
        if items and (files or weight > MOST_BYTES):
            return Batch(items, position)
        position = row.seq
        if wanted(session, remote, row):
            items.append(Item(row.seq, row.id, row.raw))
            if files:
                return Batch(items, position, files=True)
    return Batch(items, position if len(rows) == size else max(end, remote.seq))


def _send(run: Run, session: Session, store: Remote, batch: Batch) -> Outcome[int]:
    """Send the one statement of a batch, and its files."""
    mixed = enclose(session, _body(batch), _raws(batch), run.runtime.files)
    session.rollback()  # nothing of the database is held while a slow line takes them
    return store.store_mixed(mixed)


def _raws(batch: Batch) -> list[bytes]:
    return [item.raw for item in batch.items]


def _body(batch: Batch) -> bytes:
    return b"[" + b",".join(_raws(batch)) + b"]"


def _settle(
    run: Run,
    remote: RemoteStore,
    store: Remote,
    report: Report,
    batch: Batch,
    care: Care,
    outcome: Outcome[int],
) -> None:
    """Move on past what was taken or refused; stay where it was neither."""
    trouble = outcome.trouble
    if trouble is None:
        _move_on(run, remote, report, batch, care)
    elif trouble.kind != Kind.REFUSED:
        _note(run, remote, report, trouble)
    elif len(batch.items) > 1:
        with run.step(report.done) as session:  # which of them is it? One by one, this far
            move(session, remote, walk=asdict(Care(batch.items[-1].seq, care.refusals)))
    elif trouble.status == CONFLICT and _has_it(store, batch.items[0]):
        _move_on(run, remote, report, batch, care)
    else:
        _put_aside(run, remote, report, batch, care, trouble)


def _move_on(run: Run, remote: RemoteStore, report: Report, batch: Batch, care: Care) -> None:
    count, done = len(batch.items), report.done + len(batch.items)
    walk = asdict(Care(care.until)) if care.until > batch.seq else None
    with run.step(done) as session:
        move(
            session,
            remote,
            seq=batch.seq,
            walk=walk,
            moved=RemoteStore.moved + count,
            **well(run.now()),
        )
    report.new += count


def _put_aside(
    run: Run, remote: RemoteStore, report: Report, batch: Batch, care: Care, trouble: Trouble
) -> None:
    """The destination does not want this statement; the rest goes on, unless it wants none at all."""
    (item,) = batch.items
    refusals = care.refusals + 1
    position: dict[str, Any] = {"seq": batch.seq, "walk": asdict(Care(care.until, refusals))}
    hopeless = refusals >= MOST_REFUSALS
    if hopeless:
        none = Trouble(
            Kind.DENIED,
            "It refused %(count)s statements one after the other. Look at the reasons, put right what is "
            "wrong here or there, then let it be tried again.",
            {"count": refusals},
        )
        position |= ill(run, remote, none) | {"walk": asdict(Care(care.until))}
        report.trouble = none
    else:
        position |= {"tried": run.now()}
    with run.step(report.done + 1) as session:
        move(session, remote, **position)
        put_aside(session, remote, [_refusal(item.id, item.seq, trouble)], run.now())
    report.refused += 1


def _note(run: Run, remote: RemoteStore, report: Report, trouble: Trouble) -> None:
    with run.step(report.done) as session:
        move(session, remote, **ill(run, remote, trouble))
    report.trouble = trouble


def _has_it(store: Remote, item: Item) -> bool:
    """Whether the destination has this very statement: some answer 409 to what they have already."""
    found = store.statement(str(item.id)).value
    try:
        return found is not None and same(found, orjson.loads(item.raw))
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _refusal(statement_id: UUID, seq: int | None, trouble: Trouble) -> Refusal:
    return Refusal(
        str(statement_id),
        trouble.message,
        trouble.params,
        seq=seq,
        status=trouble.status,
        answer=trouble.answer,
    )


def _try_letters_again(run: Run, remote_id: int, store: Remote, report: Report) -> None:
    """What was refused and is to be tried again, in the order in which it was stored."""
    while waiting := _letters(run, remote_id):
        for letter in waiting:
            if not run.goes_on():
                return
            remote = load(run, remote_id)
            trouble = _resend(run, store, letter)
            if trouble is not None and trouble.kind != Kind.REFUSED:
                _note(run, remote, report, trouble)
                return
            with run.step(report.done) as session:
                kept = session.get_one(DeadLetter, letter.id)
                if trouble is None:
                    move(session, remote, moved=RemoteStore.moved + 1, **well(run.now()))
                    session.delete(kept)
                else:
                    move(session, remote, tried=run.now())
                    refused_again(kept, _refusal(UUID(letter.mark), letter.seq, trouble), run.now())
            report.new += trouble is None
            report.refused += trouble is not None


def _resend(run: Run, store: Remote, letter: DeadLetter) -> Trouble | None:
    with run.runtime.database.snapshot() as session:
        row = session.execute(
            select(Statement.seq, Statement.id, Statement.raw).where(Statement.seq == letter.seq)
        ).one()
        item = Item(row.seq, row.id, row.raw)
        files = bool(attachments_of(session, [item.raw]))
        batch = Batch([item], item.seq, files)
        outcome = _send(run, session, store, batch) if files else None
    outcome = outcome or store.store([item.raw])
    if outcome.trouble is not None and outcome.trouble.status == CONFLICT and _has_it(store, item):
        return None
    return outcome.trouble


def _letters(run: Run, remote_id: int) -> Sequence[DeadLetter]:
    with run.runtime.database.snapshot() as session:
        return letters_again(session, the_remote(session, remote_id))
