"""Finding people: by code, by unit, by what is searched for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.accounts.models import Account
from lms.core.clock import today
from lms.core.errors import NotFound
from lms.core.names import fold, normal
from lms.people.models import Person
from lms.people.same import standing_person
from lms.units.models import Unit
from lms.units.queries import subtree_ids
from tracking.rates.counters import standing
from tracking.rates.models import MemberChange, Membership, MemberTotal
from tracking.rates.timeline import Timeline
from tracking.record.mergers import Merger
from tracking.rounds import run
from tracking.tables import Query

PAGE = 50
_PART = 500
_FEW_UNITS = 400


@dataclass(frozen=True)
class Filter:
    """Which people of a unit and all below it: of one audience, matching a text, without an account."""

    unit: Unit
    text: str = ""
    audience: str | None = None
    without_account: bool = False


@dataclass(frozen=True)
class Listed:
    """A person in a list, with where they are counted, as whom and since when."""

    person: Person
    unit: Unit
    audience: str
    since: date
    has_account: bool


@dataclass(frozen=True)
class Page:
    """Some of the people found; `number` counts from 1, `total` counts people."""

    people: list[Listed]
    number: int
    pages: int
    total: int


def person_of_id(session: Session, person: UUID) -> Person:
    """Raises NotFound."""
    found = session.get(Person, person)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def person_of_code(session: Session, code: str) -> Person:
    """Whose code it is; for a record that was merged, who stands for it. Raises NotFound."""
    return standing_person(session, record_of_code(session, code))


def record_of_code(session: Session, code: str) -> Person:
    """The very record with this code, merged or not. Raises NotFound."""
    found = session.scalars(select(Person).where(Person.code == normal(code))).one_or_none()
    if found is None:
        raise NotFound("There is no person with the code “%(code)s”.", code=code)
    return found


def people_of_codes(session: Session, codes: Iterable[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    wanted = list(set(codes))
    for start in range(0, len(wanted), _PART):
        part = select(Person).where(Person.code.in_(wanted[start : start + _PART]))
        found.update((person.code, person) for person in session.scalars(part))
    return found


def people_of_ids(session: Session, ids: Iterable[UUID]) -> dict[UUID, Person]:
    found: dict[UUID, Person] = {}
    wanted = list(set(ids))
    for start in range(0, len(wanted), _PART):
        part = select(Person).where(Person.id.in_(wanted[start : start + _PART]))
        found.update((person.id, person) for person in session.scalars(part))
    return found


def timelines(session: Session, people: Iterable[UUID]) -> dict[UUID, Timeline]:
    """Where each of them is and was counted, earliest first."""
    return {learner: tuple(stays) for learner, stays in run(session, standing(people)).items()}


def unit_of(session: Session, person: UUID) -> Unit | None:
    """Where a person is counted today, else where they will be or last were; it decides who may see them."""
    return unit_among(session, timelines(session, [person]).get(person, ()))


def unit_among(session: Session, stays: Timeline) -> Unit | None:
    """`unit_of`, by a timeline."""
    if not stays:
        return None
    day = today()
    still = [stay for stay in stays if stay.until is None or stay.until > day]
    return session.get(Unit, (still[0] if still else stays[-1]).unit)


def page_of(session: Session, wanted: Filter, number: int = 1, size: int = PAGE) -> Page:
    """One page of the people found, in the Vietnamese order of names."""
    query, counted = found(wanted), found(wanted)
    units = subtree_ids(session, wanted.unit)
    if len(units) <= _FEW_UNITS:  # then the database begins with their members
        query = query.where(Membership.unit.in_(units))
        counted = query.with_only_columns(Person.id).order_by(None)
    total = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    return Page(_listed(session, query.limit(size).offset((number - 1) * size)), number, pages, total)


def all_of(session: Session, wanted: Filter, limit: int | None = None) -> list[Listed]:
    return _listed(session, found(wanted).limit(limit))


def found(wanted: Filter) -> Query:
    """The select of (person, unit, audience, since, whether there is an account)."""
    others = select(Merger.learner).where(Merger.standing == Person.id, Merger.ended_at.is_(None))
    theirs = or_(Account.person == Person.id, Account.person.in_(others.correlate(Person)))
    account = exists().where(theirs)
    query = (
        select(Person, Unit, Membership.audience, Membership.since, account)
        .join(Membership, Membership.learner == Person.id)
        .join(Unit, Unit.id == Membership.unit)
        .where(Unit.path.startswith(wanted.unit.path, autoescape=True), _present(today()))
        .order_by(Person.order_key, Person.code)
    )
    if wanted.text:
        query = query.where(_matches(wanted.text))
    if wanted.audience:
        query = query.where(Membership.audience == wanted.audience)
    return query.where(~account) if wanted.without_account else query


def _matches(text: str) -> Any:
    """Name and code of the person, or of a record for which they stand."""
    other = aliased(Person)
    merged = (
        select(Merger.standing)
        .join(other, other.id == Merger.learner)
        .where(Merger.ended_at.is_(None), other.search_key.contains(fold(text), autoescape=True))
    )
    return or_(Person.search_key.contains(fold(text), autoescape=True), Person.id.in_(merged))


def _present(day: date) -> Any:
    """The membership of today; for those who are yet to come, the first."""
    other = aliased(Membership)
    earlier = exists().where(
        other.learner == Membership.learner,
        other.retired_at.is_(None),
        other.since < Membership.since,
        or_(other.until.is_(None), other.until > day),
    )
    ended = or_(Membership.until.is_(None), Membership.until > day)
    return and_(Membership.retired_at.is_(None), ended, or_(Membership.since <= day, ~earlier))


def _listed(session: Session, query: Query) -> list[Listed]:
    return [Listed(*row) for row in session.execute(query)]


def members_below(session: Session, top: Unit, shown: Sequence[Unit], day: date) -> dict[int, Counter[str]]:
    """How many are counted in and below each of the units shown (at or below `top`), by audience."""
    later = (
        select(MemberChange.unit, MemberChange.audience, (-func.sum(MemberChange.delta)).label("number"))
        .where(MemberChange.day > day)
        .group_by(MemberChange.unit, MemberChange.audience)
    )
    totals = select(MemberTotal.unit, MemberTotal.audience, MemberTotal.members.label("number"))
    counts: dict[int, Counter[str]] = {unit.id: Counter() for unit in shown}
    for part in (totals.subquery(), later.subquery()):
        rows = session.execute(
            select(Unit.path, part.c.audience, part.c.number)
            .join(part, part.c.unit == Unit.id)
            .where(Unit.path.startswith(top.path, autoescape=True))
        )
        for path, audience, number in rows:
            for unit_id in {int(step) for step in path.split("/") if step} & counts.keys():
                counts[unit_id][audience] += number
    return counts
