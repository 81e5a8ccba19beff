"""Answers and explanations."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.people.models import Person
from lms.people.queries import people_of_ids
from lms.rates.answers import Child, Explained, Explanation, RateAnswer, percent_of
from lms.rates.questions import Question, definition
from lms.units.models import Unit
from lms.units.queries import children, grouped_by_child, subtree_ids
from tracking.batches import batches
from tracking.rates import members as record
from tracking.rates.members import Member
from tracking.rates.queries import Rate, rates


def rate_answer(session: Session, asked: Question, *, by_unit: bool = False) -> RateAnswer:
    """The rate of the unit and all below it; with `by_unit` also those of the units directly below."""
    below = children(session, asked.unit) if by_unit else []
    groups = grouped_by_child(session, asked.unit) if below else {}
    whole = 0  # no unit has this id
    everywhere = set().union(*groups.values()) if groups else subtree_ids(session, asked.unit)
    found = rates_of(session, asked, {whole: everywhere, **groups})
    rate = found[whole]
    return RateAnswer(
        course=asked.course.slug,
        unit=asked.unit.code,
        audience=asked.audience,
        as_of=asked.as_of,
        known_on=asked.known_on,
        completed=rate.completed,
        members=rate.members,
        percent=percent_of(rate.completed, rate.members),
        definition=definition(asked),
        children=[_child(unit, found[unit.id]) for unit in below],
    )


def rates_of(session: Session, asked: Question, groups: dict[int, set[int]]) -> dict[int, Rate]:
    """The rates of groups of units, by the key of the group."""
    return rates(
        session,
        activity=asked.course.iri,
        units=groups,
        audience=asked.audience,
        as_of=asked.as_of,
        known_on=asked.known_on,
    )


def explanation(
    session: Session, asked: Question, *, offset: int = 0, limit: int | None = None
) -> Explanation:
    """Every member behind the rate, by Vietnamese order of names, each with what proves the completion."""
    members = record.all_members(session, of_record(session, asked))
    completed = sum(member.statement_id is not None for member in members)
    named = named_members(session, members)
    shown = named[offset : None if limit is None else offset + limit]
    more = offset + len(shown) < len(named)
    return Explanation(
        course=asked.course.slug,
        unit=asked.unit.code,
        audience=asked.audience,
        as_of=asked.as_of,
        known_on=asked.known_on,
        completed=completed,
        members=len(members),
        percent=percent_of(completed, len(members)),
        definition=definition(asked),
        people=[_explained(*each) for each in shown],
        next=offset + len(shown) if more else None,
    )


def of_record(session: Session, asked: Question) -> record.Question:
    """The question as the record understands it: an activity, and the units as numbers."""
    return record.Question(
        activity=asked.course.iri,
        units=subtree_ids(session, asked.unit),
        audience=asked.audience,
        as_of=asked.as_of,
        known_on=asked.known_on,
    )


def named_members(session: Session, members: Sequence[Member]) -> list[tuple[Member, Person | None, Unit]]:
    """Members with their person and their unit, in the order of Vietnamese names; the unnamed last."""
    people = people_of_ids(session, [member.learner for member in members])
    units: dict[int, Unit] = {}
    for ids in batches(sorted({member.unit for member in members})):
        units.update((unit.id, unit) for unit in session.scalars(select(Unit).where(Unit.id.in_(ids))))
    named = [(member, people.get(member.learner), units[member.unit]) for member in members]
    return sorted(named, key=lambda each: _order(each[1]))


def _order(person: Person | None) -> tuple[bool, str, str]:
    return (person is None, person.order_key if person else "", person.code if person else "")


def _child(unit: Unit, rate: Rate) -> Child:
    percent = percent_of(rate.completed, rate.members)
    return Child(unit.code, unit.name, unit.kind, rate.completed, rate.members, percent)


def _explained(member: Member, person: Person | None, unit: Unit) -> Explained:
    return Explained(
        code=person.code if person else None,
        name=person.name if person else None,
        unit=unit.code,
        completed_at=member.completed_at,
        statement=member.statement_id,
    )
