"""Where merged learners are counted: once, by whoever stands for them; and apart again when it is undone.

While a learner has to do with an open merger, every fact about where it is counted is also kept as it was
said (`MergedFact`): of which learner, in which order. Undoing a merger says all of it again without that
merger, so what is left is what would be if it had never been made.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracking.batches import batches
from tracking.errors import Refused
from tracking.rates.book import Book
from tracking.rates.facts import Correction, Fact, Placement, Removal, applied
from tracking.rates.timeline import Stay, Timeline, united
from tracking.record.mergers import MergedFact, Merger, open_mergers, same_as, standing_for


class Merged:
    """Which of some learners have to do with mergers: who stands for them, and the notes that are kept."""

    def __init__(self, session: Session, learners: Iterable[UUID]) -> None:
        self._session = session
        named = sorted(set(learners))
        self._noted: set[UUID] = set()
        for part in batches(named):
            noted = select(MergedFact.learner).where(MergedFact.learner.in_(part)).distinct()
            self._noted.update(session.scalars(noted))
        self._standing = standing_for(session, self._noted)

    def stands_for(self, learner: UUID) -> UUID:
        return self._standing.get(learner, learner)

    def note(self, learner: UUID, fact: Fact) -> None:
        """Keep what was said of this learner, where a merger may be undone later."""
        if learner in self._noted:
            self._session.add(MergedFact(learner=learner, said=_written(fact)))


def unite(session: Session, merger: Merger, now: datetime) -> None:
    """Count the learner of a merger, with all that it stood for, where the other is counted.

    Days on which nothing is said of the other are filled with what is said of this one. Both are locked, and
    `merger` is the newest.
    """
    learner, standing = merger.learner, merger.standing
    book = Book(session, [learner, standing])
    for each in (merger.into, learner):
        _begin_notes(session, each, book.now.get(each, ()))
    session.add(MergedFact(learner=learner, merger_id=merger.id))
    session.flush()
    book.now[standing] = united(book.now.get(standing, ()), book.now.get(learner, ()))
    book.now[learner] = ()
    book.write(now)


def part(session: Session, merger: Merger, now: datetime) -> None:
    """Count everybody who had to do with this merger, which has ended, as if it had never been."""
    everybody = same_as(session, merger.standing) | same_as(session, merger.learner)
    still_open = open_mergers(session, everybody)
    timelines = said_again(session, everybody, still_open)
    book = Book(session, sorted(everybody))
    for learner in everybody:
        book.now[learner] = timelines.get(learner, ())
    book.write(now)
    involved = {each.learner for each in still_open} | {each.into for each in still_open}
    session.execute(
        delete(MergedFact)
        .where(MergedFact.learner.in_(sorted(everybody - involved)))
        .execution_options(synchronize_session=False)
    )


def apart(session: Session, learner: UUID) -> dict[UUID, Timeline]:
    """Where those who are one with this learner would be counted, if it were not merged into another."""
    everybody = same_as(session, learner)
    others = [each for each in open_mergers(session, everybody) if each.learner != learner]
    return said_again(session, everybody, others)


def said_again(session: Session, learners: Iterable[UUID], mergers: Iterable[Merger]) -> dict[UUID, Timeline]:
    """The timelines that follow from all that was said of these learners, if only these mergers are made."""
    into = {merger.id: merger.into for merger in mergers}
    timelines: dict[UUID, Timeline] = {}
    gone: dict[UUID, UUID] = {}
    query = select(MergedFact).where(MergedFact.learner.in_(sorted(learners))).order_by(MergedFact.id)
    for each in session.scalars(query):
        learner = _followed(gone, each.learner)
        if each.said is not None:
            timelines[learner] = _said(timelines.get(learner, ()), _read(each.said))
        elif each.merger_id in into:
            standing = _followed(gone, into[each.merger_id])
            timelines[standing] = united(timelines.get(standing, ()), timelines.pop(learner, ()))
            gone[each.learner] = into[each.merger_id]
    return timelines


def _begin_notes(session: Session, learner: UUID, timeline: Timeline) -> None:
    known = select(MergedFact.id).where(MergedFact.learner == learner).limit(1)
    if session.scalar(known) is None:
        session.add(MergedFact(learner=learner, said=_written(Correction(learner, timeline))))
        session.flush()


def _followed(gone: dict[UUID, UUID], learner: UUID) -> UUID:
    while learner in gone:
        learner = gone[learner]
    return learner


def _said(timeline: Timeline, fact: Fact) -> Timeline:
    """What was accepted while merged may be impossible alone: somebody who never came cannot leave."""
    try:
        return applied(timeline, fact)
    except Refused:
        return timeline


def _written(fact: Fact) -> dict[str, Any]:
    if isinstance(fact, Placement):
        return {"place": [fact.unit, fact.audience, fact.since.isoformat()]}
    if isinstance(fact, Removal):
        return {"remove": fact.until.isoformat()}
    return {
        "correct": [
            [stay.since.isoformat(), stay.unit, stay.audience, stay.until and stay.until.isoformat()]
            for stay in fact.stays
        ]
    }


def _read(said: dict[str, Any]) -> Fact:
    """The learner is of no interest here."""
    nobody = UUID(int=0)
    if "place" in said:
        unit, audience, since = said["place"]
        return Placement(nobody, unit, audience, date.fromisoformat(since))
    if "remove" in said:
        return Removal(nobody, date.fromisoformat(said["remove"]))
    stays = (
        Stay(date.fromisoformat(since), unit, audience, until and date.fromisoformat(until))
        for since, unit, audience, until in said["correct"]
    )
    return Correction(nobody, tuple(stays))
