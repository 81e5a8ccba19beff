"""The several records of one person: which stands for the others, and under which codes they came."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from lms.people.models import Person
from tracking.record.mergers import Merger, who_stands_for

_open = Merger.ended_at.is_(None)


@dataclass(frozen=True)
class MergedRecord:
    """A record that another stands for; `into` is the one that it was merged into, `since` when."""

    person: Person
    into: Person
    since: datetime


@dataclass(frozen=True)
class Stands:
    """Who stands for a record that was merged: id and code."""

    person: UUID
    code: str


def standing_person(session: Session, person: Person) -> Person:
    """The person themselves, unless another record stands for this one."""
    standing = who_stands_for(session, person.id)
    return person if standing == person.id else session.get_one(Person, standing)


def merged_records(session: Session, person: Person) -> list[MergedRecord]:
    """The records for which this one stands, the latest merged first."""
    into = aliased(Person)
    rows = session.execute(
        select(Person, into, Merger.merged_at)
        .join(Merger, Merger.learner == Person.id)
        .join(into, into.id == Merger.into)
        .where(Merger.standing == person.id, _open)
        .order_by(Merger.id.desc())
    )
    return [MergedRecord(*row) for row in rows]


def merged_codes(session: Session) -> dict[str, Stands]:
    """All codes of records that were merged, with who stands for them."""
    standing = aliased(Person)
    rows = session.execute(
        select(Person.code, standing.id, standing.code)
        .join(Merger, Merger.learner == Person.id)
        .join(standing, standing.id == Merger.standing)
        .where(_open)
    )
    return {code: Stands(person, of) for code, person, of in rows}
