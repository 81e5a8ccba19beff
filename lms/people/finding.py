"""Finding the one person who is meant, to link or merge: by code, telephone, e-mail, or part of a name."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.core.errors import Refused
from lms.core.names import fold, normal
from lms.people import values
from lms.people.models import Person
from lms.people.queries import people_of_ids, timelines, unit_among
from lms.units.models import Unit
from lms.units.queries import subtree_ids
from tracking.rates.models import Membership
from tracking.record.mergers import standing_for

SHOWN = 20
_READ = 200


@dataclass(frozen=True)
class Found:
    """A person, and the unit in which they are counted today, or will be, or last were."""

    person: Person
    unit: Unit | None


@dataclass(frozen=True)
class Finding:
    """The first of those found; `more`: there are others, and a longer text would find fewer."""

    people: Sequence[Found]
    more: bool


def find_people(session: Session, text: str, tops: Sequence[Unit]) -> Finding:
    """People whose code, telephone or e-mail this is, else those whose name or code holds it.

    Only such as are counted in or below `tops`; those who are counted nowhere only for the top of the tree. A
    record that was merged is found as the one that stands for it.
    """
    wanted = normal(text).replace("\x00", "")
    if not wanted:
        return Finding((), more=False)
    ids = _ids(session, _exactly(wanted)) or _ids(
        session, Person.search_key.contains(fold(wanted), autoescape=True), tops
    )
    standing = standing_for(session, ids)
    people = people_of_ids(session, {standing.get(person, person) for person in ids})
    stays = timelines(session, people)
    found = [Found(person, unit_among(session, stays.get(person.id, ()))) for person in people.values()]
    reached = [each for each in found if _reached(each.unit, tops)]
    reached.sort(key=lambda each: (each.person.order_key, each.person.code))
    return Finding(reached[:SHOWN], more=len(reached) > SHOWN or len(ids) >= _READ)


def where_counted(session: Session, people: Sequence[UUID]) -> dict[UUID, Unit | None]:
    """Where each is counted today, else where they will be or last were."""
    stays = timelines(session, people)
    return {person: unit_among(session, stays.get(person, ())) for person in people}


def _exactly(text: str) -> Any:
    conditions = [Person.code == text, Person.code == text.upper(), Person.email == text.lower()]
    with suppress(Refused):
        conditions.append(Person.phone == values.read_phone(text))
    return or_(*conditions)


def _ids(session: Session, condition: Any, tops: Sequence[Unit] = ()) -> list[UUID]:
    """No order: the database would look through everybody in that order instead."""
    query = select(Person.id).where(condition).limit(_READ)
    if tops and all(top.parent_id is not None for top in tops):
        units = set().union(*(subtree_ids(session, top) for top in tops))
        members = select(Membership.learner).where(
            Membership.unit.in_(sorted(units)), Membership.retired_at.is_(None)
        )
        query = query.where(Person.id.in_(members))
    return list(session.scalars(query))


def _reached(unit: Unit | None, tops: Sequence[Unit]) -> bool:
    return any(top.parent_id is None or (unit is not None and top.reaches(unit)) for top in tops)
