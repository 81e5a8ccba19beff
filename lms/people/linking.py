"""Saying who an agent of the record is: linking it to a person, taking that back, setting it aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.errors import Conflict, NotFound
from lms.core.record import complete_anew
from lms.people.models import Person
from tracking.completions.projection import CompletionChange
from tracking.completions.queries import completions_of
from tracking.identities import services as record
from tracking.identities.unmatched import Tally, dismiss, restore, tally, the_agent, would_complete
from tracking.record.mergers import who_stands_for
from tracking.record.models import Agent

LARGEST = 2**63 - 1  # the number of a row cannot be larger, and PostgreSQL cannot be asked for more


@dataclass(frozen=True)
class Coming:
    """An activity that a person would have completed by what an agent said: when, and what it is called."""

    activity: str
    title: str | None
    completed_at: datetime


@dataclass(frozen=True)
class Effect:
    """What a link would bring: statements, and completions that are new or earlier than those there are."""

    tally: Tally
    completions: Sequence[Coming]


def agent_of_id(session: Session, agent_id: int) -> Agent:
    """Raises NotFound."""
    found = the_agent(session, agent_id) if agent_id <= LARGEST else None
    if found is None:
        raise NotFound("There is no such actor in the record.")
    return found


def agent_of_identifier(session: Session, identifier: str) -> Agent:
    """Raises NotFound."""
    wanted = select(Agent).where(Agent.identifier == identifier.replace("\x00", ""), Agent.kind == "agent")
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound(
            "Nothing has been recorded under “%(identifier)s” yet. Identifiers are listed by: lms people "
            "unmatched",
            identifier=identifier,
        )
    return found


def effect_of(session: Session, agent: Agent, person: Person) -> Effect:
    """What would count for the person from now on."""
    completed = completions_of(session, who_stands_for(session, person.id))
    coming = [
        Coming(activity, title, at)
        for activity, title, at in would_complete(session, agent.id)
        if activity not in completed or at < completed[activity].completed_at
    ]
    return Effect(tally(session, agent.id), coming)


def link_agent(
    session: Session, agent: Agent, person: Person, *, home_page: str, actor: int | None
) -> list[CompletionChange]:
    """Take the agent to be the person, whatever its identifier says; the completions that changed."""
    restore(session, agent.id)
    changes = record.link(session, agent.identifier, person.id)
    log(session, Act.ACTOR_LINKED, actor=actor, subject=str(person.id), agent=agent.id)
    complete_anew(session, changes, home_page=home_page)
    return changes


def unlink_agent(session: Session, agent: Agent, *, home_page: str, actor: int | None) -> None:
    """Take a link back: the agent is whom its identifier says, or nobody. Raises Conflict without a link."""
    person = record.linked_to(session, agent.id)
    if person is None:
        raise Conflict("“%(identifier)s” is not linked to anybody.", identifier=agent.identifier)
    changes = record.unlink(session, agent.identifier)
    log(session, Act.ACTOR_UNLINKED, actor=actor, subject=str(person), agent=agent.id)
    complete_anew(session, changes, home_page=home_page)


def set_aside(session: Session, agent: Agent, *, actor: int | None) -> None:
    """Say that the agent is none of ours, so that it is listed no longer."""
    if dismiss(session, agent.id):
        log(session, Act.ACTOR_DISMISSED, actor=actor, subject=None, agent=agent.id)


def bring_back(session: Session, agent: Agent, *, actor: int | None) -> None:
    if restore(session, agent.id):
        log(session, Act.ACTOR_RESTORED, actor=actor, subject=None, agent=agent.id)
