"""What is looked for: read from the address, or from the arguments of a job, field by field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.models import Course, CourseVersion, Lesson
from lms.core.clock import read_date
from lms.core.errors import Refused
from lms.core.i18n import words_of
from lms.core.names import fold, normal
from lms.explorer import queries
from lms.explorer.queries import Ids, Wanted
from lms.people.models import Person
from lms.people.same import standing_person
from tracking.statements.agents import identifier
from tracking.statements.validation import Invalid
from tracking.statements.validation.actors import actor

FIELDS = ("person", "agent", "verb", "activity", "source", "registration", "since", "until", "unmatched")
MOST_NAMESAKES = 20
_LONGEST = 2000


@dataclass
class Asked:
    """`values` as they were typed; `faults` say what is wrong, by field; `wanted` is none where something is.

    `namesakes`: the people to choose from, where several are called so.
    """

    values: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    namesakes: Sequence[Person] = ()
    person: Person | None = None
    wanted: Wanted | None = None


def ask(session: Session, given: Mapping[str, str], *, home_page: str) -> Asked:
    """Read the fields. What is empty does not narrow."""
    values = {name: normal(given.get(name, ""))[:_LONGEST].replace("\x00", "") for name in FIELDS}
    asked = Asked({name: value for name, value in values.items() if value})
    readers: dict[str, Callable[[str], Any]] = {
        "agent": lambda text: queries.agent_ids(session, _identifiers(text, home_page)),
        "verb": lambda text: queries.verb_ids(session, text),
        "activity": lambda text: queries.activity_ids(session, _iris(session, text)),
        "source": lambda text: queries.agent_ids(session, [_account(home_page, text), text]),
        "registration": _registration,
        "since": _day,
        "until": _day,
    }
    read: dict[str, Any] = {}
    for name, reader in readers.items():
        try:
            read[name] = reader(asked.values[name]) if name in asked.values else None
        except Refused as refusal:
            asked.faults[name] = words_of(refusal)
    if _is_backwards(read):
        asked.faults["until"] = words_of(Refused("This day lies before the first one."))
    agents = _of_person(session, asked, read.get("agent"))
    if not asked.faults and not asked.namesakes:
        asked.wanted = Wanted(
            agents=agents,
            verbs=read["verb"],
            activities=read["activity"],
            authorities=read["source"],
            registration=read["registration"],
            since=read["since"],
            until=read["until"],
            unmatched="unmatched" in asked.values,
        )
    return asked


def _of_person(session: Session, asked: Asked, agents: Ids | None) -> Ids | None:
    """The agents of the person who is looked for, and of these only those that were asked for as well."""
    text = asked.values.get("person")
    if not text:
        return agents
    people = _people(session, text)
    if not people:
        asked.faults["person"] = words_of(
            Refused("Nobody has the name or the code “%(text)s”.", text=text[:60])
        )
    elif len(people) > 1:
        asked.namesakes = people
    else:
        asked.person = people[0]
        own = queries.agents_of_learners(session, [people[0].id])
        return own if agents is None else tuple(each for each in own if each in agents)
    return agents


def _people(session: Session, text: str) -> Sequence[Person]:
    """Who has this code; else all whose name or code holds the text, of records of one person one."""
    of_code = session.scalars(select(Person).where(Person.code == text)).one_or_none()
    if of_code is not None:
        return [standing_person(session, of_code)]
    holding = Person.search_key.contains(fold(text), autoescape=True)
    found = session.scalars(select(Person).where(holding).order_by(Person.order_key).limit(MOST_NAMESAKES))
    return list(dict.fromkeys(standing_person(session, each) for each in found))


def _identifiers(text: str, home_page: str) -> list[str]:
    """What somebody may mean by a text: an xAPI agent, its identifier, an e-mail, an account's name here."""
    if text.startswith("{"):
        return [_of_json(text)]
    if "@" in text and ":" not in text:
        return [f"mbox:mailto:{part}" for part in {text, text.lower()}]
    if text.startswith("mailto:"):
        return [f"mbox:{text}"]
    return [text, _account(home_page, text)]


def _of_json(text: str) -> str:
    wrong = Refused(
        "This is not an xAPI agent. Paste all of it, from “{” to “}”, or only its e-mail or account."
    )
    try:
        agent = orjson.loads(text)
        actor(agent)
    except (orjson.JSONDecodeError, Invalid) as fault:
        raise wrong from fault
    found = identifier(agent)
    if found is None:
        raise wrong
    return found


def _account(home_page: str, name: str) -> str:
    return identifier({"account": {"homePage": home_page, "name": name}}) or ""


def _iris(session: Session, text: str) -> set[str]:
    """The IRI; of a course also its lessons, which may be named by the course's short name too."""
    course = session.scalars(
        select(Course).where((Course.iri == text) | (Course.slug == text)).limit(1)
    ).one_or_none()
    if course is None:
        return {text}
    lessons = select(Lesson.iri).join(CourseVersion).where(CourseVersion.course_id == course.id)
    return {course.iri, *session.scalars(lessons)}


def _registration(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused(
            "This is not a registration: it looks like 7c1e4b1a-5d0f-4a7e-9b1e-0d3a5c6f7e80."
        ) from None


def _day(text: str) -> date:
    try:
        return read_date(text)
    except ValueError:
        raise Refused("“%(text)s” is not a date. Type it as in 31/03/2026.", text=text[:40]) from None


def _is_backwards(read: Mapping[str, Any]) -> bool:
    since, until = read.get("since"), read.get("until")
    return bool(since and until and since > until)
