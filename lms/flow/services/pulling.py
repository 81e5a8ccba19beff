"""Pulling: a source's statements, page after page, each page one transaction that also moves the position."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from lms.flow.filters import query_of
from lms.flow.letters import put_aside, refused_again, taken_after_all
from lms.flow.models import DeadLetter, RemoteStore
from lms.flow.outcomes import Kind, Outcome, Trouble
from lms.flow.queries import letters_again, the_remote
from lms.flow.remote import Page, Remote
from lms.flow.services.running import Overtaken, Report, Run, ill, load, move, open_remote, well
from lms.flow.services.taking import REFUSALS, Sorted, Unfetched, sort_out, store_fresh, with_files
from lms.flow.walking import Circle, Walk, read_walk

LESS = 4  # how many times smaller pages are asked for when one was too large


def pull(run: Run, remote_id: int) -> Report:
    """Read a source until its end, trouble, or the end of this run's time.

    Killed at any moment it loses nothing and keeps nothing twice: what a page held was committed with the
    position behind it, or not at all.
    """
    report = Report()
    try:
        remote = load(run, remote_id)
        store = open_remote(
            remote, secret_key=run.runtime.settings.secret_key, send=run.send, limits=run.limits
        )
        if isinstance(store, Trouble):
            _note(run, remote, report, store, {})
            return report
        _try_letters_again(run, remote_id, store, report)
        while report.trouble is None and not report.finished and run.goes_on():
            _turn_page(run, load(run, remote_id), store, report)
    except Overtaken:
        pass
    return report


def _turn_page(run: Run, remote: RemoteStore, store: Remote, report: Report) -> None:
    walk = read_walk(remote.walk)
    outcome = _ask(remote, store, walk)
    if outcome.value is None:
        if outcome.trouble is not None:
            _stumble(run, remote, report, walk, outcome.trouble)
        return
    page = outcome.value
    stored = [item.get("stored") if isinstance(item, dict) else None for item in page.statements]
    try:
        walked = walk.onward(stored, page.more, page.through)
    except Circle:
        circle = Trouble(Kind.ODD, "Its pages lead back to where we have been. It is asked anew from there.")
        _note(run, remote, report, circle, _anew(remote, walk, Walk()))
        return
    position: dict[str, Any] = {"walk": walked.as_json()}
    if page.more is None:
        position = _rested(run, remote, walked)
    try:
        _take(run, remote, store, report, page, position)
    except Unfetched as unfetched:
        _note(run, remote, report, unfetched.trouble, {})
        return
    report.finished = page.more is None


def _ask(remote: RemoteStore, store: Remote, walk: Walk) -> Outcome[Page]:
    if walk.more is not None:
        return store.next_page(walk.more)
    return store.page(query_of(remote, since=remote.since, size=walk.size))


def _rested(run: Run, remote: RemoteStore, walked: Walk) -> dict[str, Any]:
    """The position at the end of a walk, and when the next one begins."""
    return {
        "walk": None,
        "since": walked.reached(remote.since),
        "next_try": run.now() + timedelta(seconds=remote.every),
    }


def _anew(remote: RemoteStore, walk: Walk, begin: Walk) -> dict[str, Any]:
    """The position from which a walk that cannot go on is begun again."""
    return {"walk": begin.as_json(), "since": walk.interrupted(remote.since)}


def _stumble(run: Run, remote: RemoteStore, report: Report, walk: Walk, trouble: Trouble) -> None:
    """There is no page: ask for a smaller one, begin anew where the next page is gone, or try again later."""
    if trouble.too_large and walk.size > 1:
        smaller = Walk(size=max(1, walk.size // LESS))
        with run.step(report.done) as session:
            move(session, remote, **_anew(remote, walk, smaller))
        return
    lost = walk.more is not None and trouble.kind in (Kind.ODD, Kind.REFUSED, Kind.BLOCKED)
    _note(run, remote, report, trouble, _anew(remote, walk, Walk()) if lost else {})


def _note(run: Run, remote: RemoteStore, report: Report, trouble: Trouble, position: dict[str, Any]) -> None:
    with run.step(report.done) as session:
        move(session, remote, **position, **ill(run, remote, trouble))
    report.trouble = trouble


def _take(
    run: Run, remote: RemoteStore, store: Remote, report: Report, page: Page, position: dict[str, Any]
) -> None:
    """Store the page and move on, at once; where the record refuses some of it, one after the other."""
    found = _sorted(run, remote, page.statements)
    with _files(run, remote, store, found):
        try:
            _keep(run, remote, report, found, position)
        except REFUSALS:
            _keep_singly(run, remote, report, found, position)


def _files(run: Run, remote: RemoteStore, store: Remote, found: Sorted) -> AbstractContextManager[None]:
    largest = run.runtime.settings.max_attachment_mb << 20
    return with_files(found, store, run.runtime.files, version=remote.version, largest=largest)


def _sorted(run: Run, remote: RemoteStore, items: Sequence[Any]) -> Sorted:
    with run.runtime.database.snapshot() as session:
        return sort_out(session, items, remote.version)


def _keep(run: Run, remote: RemoteStore, report: Report, found: Sorted, position: dict[str, Any]) -> None:
    """One transaction: the statements, those put aside, and the position."""
    seen = report.done + len(found.fresh) + found.known + len(found.refused)
    with run.step(seen) as session:
        now = run.now()
        move(session, remote, **position, **well(now), moved=RemoteStore.moved + len(found.fresh))
        new = store_fresh(session, remote, found, run.runtime.settings)
        put_aside(session, remote, found.refused, now)
        taken_after_all(session, remote, [str(each) for each in new])
    report.new += len(new)
    report.known += found.known + len(found.fresh) - len(new)
    report.refused += len(found.refused)


def _keep_singly(
    run: Run, remote: RemoteStore, report: Report, found: Sorted, position: dict[str, Any]
) -> None:
    """Each statement in a transaction of its own, to find which the record refuses; the position last.

    The record refuses whole batches. What is stored twice because of a crash in between is stored once.
    """
    for single in found.singles():
        try:
            _keep(run, load(run, remote.id), report, single, {})
        except REFUSALS as refusal:
            found.refused += single.refuse(refusal)
    _keep(run, load(run, remote.id), report, Sorted(known=found.known, refused=found.refused), position)


def _try_letters_again(run: Run, remote_id: int, store: Remote, report: Report) -> None:
    """Statements that were refused and are to be tried again, before anything new."""
    while waiting := _letters(run, remote_id):
        for letter in waiting:
            if not run.goes_on():
                return
            remote = load(run, remote_id)
            found = _sorted(run, remote, [json.loads(letter.raw or b"null")])
            try:
                with _files(run, remote, store, found):
                    _try_letter(run, remote, letter.id, found)
            except Unfetched as unfetched:
                _note(run, remote, report, unfetched.trouble, {})
                return


def _try_letter(run: Run, remote: RemoteStore, letter_id: int, found: Sorted) -> None:
    try:
        with run.step(0) as session:
            move(session, remote, moved=RemoteStore.moved + len(found.fresh))
            store_fresh(session, remote, found, run.runtime.settings)
            letter = session.get_one(DeadLetter, letter_id)
            if found.refused:
                refused_again(letter, found.refused[0], run.now())
            else:
                session.delete(letter)
    except REFUSALS as refusal:
        _try_letter(run, remote, letter_id, Sorted(refused=found.refuse(refusal)))


def _letters(run: Run, remote_id: int) -> Sequence[DeadLetter]:
    with run.runtime.database.snapshot() as session:
        return letters_again(session, the_remote(session, remote_id))
