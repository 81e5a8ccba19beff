"""A statement put into words: who, what, when, from where."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.queries import course_by_iri, courses_with_lessons
from lms.core.errors import NotFound
from lms.core.i18n import current_locale, duration, number, percent
from lms.people.models import Person
from lms.player.models import CourseCompletion
from lms.rates.wording import verb_words
from tracking.record.models import Agent, Statement

_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.ASCII)


@dataclass(frozen=True)
class Proof:
    """What a statement says. `told_by` vouched for it, `platform` is where it happened, if that was said.

    `score` and `took` are in words; `rests_on` are the ids of statements about lessons from which this one
    about their course was drawn. `raw` is the statement as kept, indented.
    """

    id: UUID
    person: Person | None
    learner: UUID | None
    actor: str
    verb: str
    activity: str
    happened: datetime
    stored: datetime
    voided: datetime | None
    told_by: str
    platform: str | None
    score: str | None
    took: str | None
    success: bool | None
    rests_on: tuple[UUID, ...]
    raw: str


def proof(session: Session, statement_id: UUID) -> Proof:
    """Raises NotFound."""
    row = session.execute(
        select(Statement, Agent.learner)
        .outerjoin(Agent, Agent.id == Statement.agent_id)
        .where(Statement.id == statement_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such statement.")
    kept, learner = row
    said: dict[str, Any] = orjson.loads(kept.raw)
    result = said.get("result", {})
    return Proof(
        id=statement_id,
        person=session.get(Person, learner) if learner else None,
        learner=learner,
        actor=_name_of(said["actor"]),
        verb=verb_words(said["verb"]["id"]) or in_words(said["verb"].get("display")) or said["verb"]["id"],
        activity=_title(session, said["object"]),
        happened=kept.timestamp,
        stored=kept.stored,
        voided=kept.voided_at,
        told_by=_name_of(said.get("authority", {})),
        platform=said.get("context", {}).get("platform"),
        score=score_words(result.get("score", {})),
        took=_took(result.get("duration")),
        success=result.get("success"),
        rests_on=_rests_on(session, statement_id),
        raw=orjson.dumps(said, option=orjson.OPT_INDENT_2).decode(),
    )


def _name_of(agent: dict[str, Any]) -> str:
    """How an agent calls itself, else by what it is known."""
    account = agent.get("account", {})
    if account.get("name") == "lms" and "name" not in agent:
        return "Bình dân học vụ số"
    return str(agent.get("name") or account.get("name") or agent.get("mbox") or agent.get("openid") or "–")


def _title(session: Session, about: dict[str, Any]) -> str:
    """The title of our course or lesson, else what the statement calls its object."""
    iri = about.get("id", "")
    course = course_by_iri(session, iri)
    if course is not None:
        return course.title
    name = in_words(about.get("definition", {}).get("name"))
    if name:
        return name
    held = courses_with_lessons(session, [iri])
    return held[0].title if held else str(iri or "–")


def in_words(languages: dict[str, str] | None) -> str | None:
    """A language map's entry in the reader's language, else in Vietnamese, in English, in any."""
    if not languages:
        return None
    for wanted in (current_locale(), "vi", "en"):
        for tag, text in languages.items():
            if tag.split("-")[0].lower() == wanted:
                return text
    return next(iter(languages.values()))


def score_words(score: dict[str, Any]) -> str | None:
    """A statement's score in words: percent, else points."""
    if "scaled" in score:
        return percent(round(score["scaled"] * 100, 1))
    if "raw" in score:
        return number(score["raw"]) + (f"/{number(score['max'])}" if "max" in score else "")
    return None


def _took(text: str | None) -> str | None:
    """An ISO 8601 duration in words; as it stands where it counts months or years."""
    found = _DURATION.fullmatch(text) if text else None
    if found is None:
        return text
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return duration(((days * 24 + hours) * 60 + minutes) * 60 + seconds)


def _rests_on(session: Session, statement_id: UUID) -> tuple[UUID, ...]:
    made = session.get(CourseCompletion, statement_id)
    return tuple(UUID(each) for each in made.rests_on.values()) if made else ()
