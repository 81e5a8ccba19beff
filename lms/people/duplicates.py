"""People who may be in the roster twice, and the decision that two of them are two.

Two are shown together when they share telephone or mailbox and besides name or year of birth: in a village
whole families share a telephone. Within a unit that is not too large also when they share name and year of
birth alone; in a whole city that is mere chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

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
_READ = 500  # pairs that are compared

Ids = tuple[UUID, UUID]

_One = aliased(Person, name="one")
_Other = aliased(Person, name="other")


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


_NAME = _One.name_key == _Other.name_key
_YEAR = _One.birth_year == _Other.birth_year
_SHARED = (
    (Person.phone, _One.phone, _Other.phone),
    (Person.email_key, _One.email_key, _Other.email_key),
)
_TOLD = exists().where(ToldApart.one == _One.id, ToldApart.other == _Other.id)


def _inside(session: Session, unit: Unit) -> set[Ids]:
    """Of a unit that is not large: from its members to those who are like them."""
    alike = [and_(one == other, or_(_NAME, _YEAR)) for _, one, other in _SHARED]
    units = subtree_ids(session, unit)
    theirs = aliased(Membership)
    found: set[Ids] = set()
    for condition in (*alike, and_(_NAME, _YEAR)):
        query = (
            select(_One.id, _Other.id)
            .select_from(Membership)
            .join(_One, _One.id == Membership.learner)
            .join(_Other, and_(_One.id < _Other.id, condition))
            .join(theirs, theirs.learner == _Other.id)
            .where(
                Membership.unit.in_(units),
                Membership.retired_at.is_(None),
                theirs.unit.in_(units),
                theirs.retired_at.is_(None),
                ~_TOLD,
            )
            .limit(_READ)
        )
        found.update((one, other) for one, other in session.execute(query))
    return found


def _anywhere(session: Session, unit: Unit) -> set[Ids]:
    """Of a large unit: from telephones and mailboxes that several share to those who share them."""
    found: set[Ids] = set()
    for column, one, other in _SHARED:
        shared = select(column).where(column.is_not(None)).group_by(column).having(func.count() > 1)
        values = session.scalars(shared.limit(_READ * 10)).all()
        for part in batches(values):
            query = (
                select(_One.id, _Other.id)
                .join(_Other, and_(_One.id < _Other.id, one == other))
                .where(one.in_(part), or_(_NAME, _YEAR), ~_TOLD)
                .limit(_READ)
            )
            found.update((first, second) for first, second in session.execute(query))
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
