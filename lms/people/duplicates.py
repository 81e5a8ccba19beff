"""People who may be in the roster twice, and the decision that two of them are two.

Two are shown together when they share telephone or mailbox and besides name or year of birth: in a village
whole families share a telephone. Within a unit that is not too large also when they share name and year of
birth alone; in a whole city that is mere chance.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.i18n import Message, lazy
from lms.people.models import Person, ToldApart
from lms.people.queries import people_of_ids
from lms.units.models import Unit
from lms.units.queries import subtree_ids
from tracking.batches import batches
from tracking.rates.models import Membership, MemberTotal

MOST_PAIRS = 100
MOST_MEMBERS = 30_000  # of a unit in which a name and a year of birth mean something
_READ = 5_000  # telephones, or mailboxes, that several share
_CROWD = 20  # more than these share what was filled in for want of anything better

Ids = tuple[UUID, UUID]


@dataclass(frozen=True)
class Pair:
    """Two people, and what they have in common."""

    one: Person
    other: Person
    common: Sequence[Message]


def is_large(session: Session, unit: Unit) -> bool:
    """Whether so many are counted here that name and year of birth alone are not looked at."""
    counted = (
        select(func.sum(MemberTotal.members))
        .join(Unit, Unit.id == MemberTotal.unit)
        .where(Unit.path.startswith(unit.path, autoescape=True))
    )
    return (session.scalar(counted) or 0) > MOST_MEMBERS


def probable_duplicates(session: Session, unit: Unit) -> list[Pair]:
    """Pairs who are, were or will be counted in the unit or below it, those with most in common first."""
    found = _anywhere(session, unit) if is_large(session, unit) else _inside(session, unit)
    found -= _told_apart(session, found)
    people = people_of_ids(session, {person for pair in found for person in pair})
    pairs = [_pair(people[one], people[other]) for one, other in found]
    pairs.sort(key=lambda pair: (-len(pair.common), pair.one.order_key, pair.one.code))
    return pairs[:MOST_PAIRS]


def tell_apart(session: Session, one: Person, other: Person, *, actor: int | None) -> None:
    """Say that two who look like one are two, so that they are shown together no longer."""
    first, second = sorted((one.id, other.id))
    if session.get(ToldApart, (first, second)) is None:
        session.add(ToldApart(one=first, other=second, said=utc_now(), said_by=actor))
        log(session, Act.PEOPLE_TOLD_APART, actor=actor, subject=str(first), other=str(second))


def _inside(session: Session, unit: Unit) -> set[Ids]:
    """Of a unit that is not large: all its people, put side by side here."""
    query = (
        select(Person.id, Person.name_key, Person.birth_year, Person.phone, Person.email_key)
        .join(Membership, Membership.learner == Person.id)
        .where(Membership.unit.in_(subtree_ids(session, unit)), Membership.retired_at.is_(None))
    )
    people = {row.id: row for row in session.execute(query)}
    groups: defaultdict[Any, list[UUID]] = defaultdict(list)
    for row in people.values():
        for kind in ("phone", "email_key"):
            if getattr(row, kind):
                groups[kind, getattr(row, kind)].append(row.id)
        if row.birth_year:
            groups["name", row.name_key, row.birth_year].append(row.id)
    return {
        pair
        for group in groups.values()
        if len(group) <= _CROWD
        for pair in combinations(sorted(group), 2)
        if _alike(people[pair[0]], people[pair[1]])
    }


def _anywhere(session: Session, unit: Unit) -> set[Ids]:
    """Of a large unit: from telephones and mailboxes that several share to those who share them."""
    found: set[Ids] = set()
    for column in (Person.phone, Person.email_key):
        shared = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1)
        values = session.scalars(shared.limit(_READ)).all()
        groups: defaultdict[str, list[Any]] = defaultdict(list)
        for part in batches(values):
            query = select(column.label("shared"), Person.id, Person.name_key, Person.birth_year)
            for row in session.execute(query.where(column.in_(part)).order_by(Person.id)):
                groups[row.shared].append(row)
        for group in (each for each in groups.values() if len(each) <= _CROWD):
            found.update((one.id, other.id) for one, other in combinations(group, 2) if _alike(one, other))
    counted = _counted_in(session, unit, {person for pair in found for person in pair})
    return {pair for pair in found if counted.issuperset(pair)}


def _counted_in(session: Session, unit: Unit, people: set[UUID]) -> set[UUID]:
    counted: set[UUID] = set()
    for part in batches(sorted(people)):
        query = (
            select(Membership.learner)
            .join(Unit, Unit.id == Membership.unit)
            .where(
                Membership.learner.in_(part),
                Membership.retired_at.is_(None),
                Unit.path.startswith(unit.path, autoescape=True),
            )
        )
        counted.update(session.scalars(query))
    return counted


def _alike(one: Any, other: Any) -> bool:
    """Whether two who share something share name or year of birth too."""
    return one.name_key == other.name_key or _same(one, other, "birth_year")


def _told_apart(session: Session, pairs: set[Ids]) -> set[Ids]:
    told: set[Ids] = set()
    for part in batches(sorted({one for one, _ in pairs})):
        query = select(ToldApart.one, ToldApart.other).where(ToldApart.one.in_(part))
        told.update((one, other) for one, other in session.execute(query))
    return told


def _pair(one: Person, other: Person) -> Pair:
    return Pair(one, other, [words for name, words in _COMMON if _same(one, other, name)])


_COMMON = (
    ("name_key", lazy("name")),
    ("birth_year", lazy("year of birth")),
    ("phone", lazy("telephone")),
    ("email_key", lazy("e-mail")),
)


def _same(one: Person, other: Person, name: str) -> bool:
    value = getattr(one, name)
    return value is not None and value == getattr(other, name)
