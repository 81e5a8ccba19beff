"""Those who are missing, and everybody behind a rate, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lms.enrolment.activity import last_activity
from lms.enrolment.queries import activities_of
from lms.people.models import Person
from lms.rates.queries import named_members, of_record
from lms.rates.questions import Question
from lms.units.models import Unit
from tracking.rates import members as record
from tracking.rates.members import Member

# A list of more names than this is read by nobody; such units are looked at by their parts.
MOST_NAMES = 10_000


@dataclass(frozen=True)
class PersonRow:
    """A member; `completed_at` none while missing, `active_at` their last activity in the course, if any."""

    person: Person | None
    unit: Unit
    member: Member
    active_at: datetime | None = None

    @property
    def completed_at(self) -> datetime | None:
        return self.member.completed_at


@dataclass(frozen=True)
class People:
    """One page of people in the order of names; `number` counts from 1, `total` counts people."""

    rows: Sequence[PersonRow]
    number: int
    pages: int
    total: int


def missing_people(session: Session, asked: Question, number: int = 1, size: int | None = 25) -> People:
    """Members who have not completed; `size` none puts all on one page."""
    members = record.missing_members(session, of_record(session, asked))
    return _page(session, asked, members, number, size)


def everybody(session: Session, asked: Question, number: int = 1, size: int | None = 50) -> People:
    """All members, each with what proves the completion."""
    members = record.all_members(session, of_record(session, asked))
    return _page(session, asked, members, number, size)


def _page(
    session: Session, asked: Question, members: Sequence[Member], number: int, size: int | None
) -> People:
    size = size or max(1, len(members))
    pages = max(1, -(-len(members) // size))
    number = min(max(1, number), pages)
    named = named_members(session, members)[(number - 1) * size : number * size]
    missing = [member.learner for member, _, _ in named if member.completed_at is None]
    about = activities_of(session, [asked.course])
    active: dict[object, datetime] = {}
    for (learner, _), moment in last_activity(session, about, missing).items():
        active[learner] = max(moment, active.get(learner, moment))
    rows = [PersonRow(person, unit, member, active.get(member.learner)) for member, person, unit in named]
    return People(rows, number, pages, len(members))
