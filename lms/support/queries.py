"""Attempts with all that support may look at, and the doubts within somebody's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from lms.cmi5.models import LateRequest, Launch
from lms.core.clock import today
from lms.core.errors import NotFound
from lms.people.models import Person
from lms.player.models import Attempt, PlaySession
from lms.player.rules.calls import Call, once
from lms.player.traces import Arrival, Doubt
from lms.units.models import Unit
from tracking.rates.models import Membership
from tracking.record.mergers import Merger
from tracking.record.models import Activity, Statement

PAGE = 50
MOST_STATEMENTS = 200
MOST_ARRIVALS = 500


@dataclass(frozen=True)
class Said:
    """A statement of an attempt, shortly; `verb` is its display by language, `holds`: nobody took it back."""

    id: UUID
    verb: dict[str, str]
    about: str
    result: dict[str, Any]
    at: datetime
    holds: bool


@dataclass(frozen=True)
class Log:
    """A session with the commits that came, the newest first, and the calls of the package in their order.

    A cmi5 lesson speaks to the record itself: of it there are no commits and no calls, but a `launch`, and
    what its device delivered `late`, the newest first.
    """

    play: PlaySession
    arrivals: list[Arrival]
    calls: list[Call]
    device: str
    launch: Launch | None
    late: list[LateRequest]


@dataclass(frozen=True)
class Raised:
    """A doubt, and whose attempt it is about; a guest is nobody, and somebody may be counted nowhere."""

    doubt: Doubt
    person: Person | None
    unit: Unit | None


@dataclass(frozen=True)
class Page:
    """Doubts, the newest first; `number` counts from 1."""

    doubts: list[Raised]
    number: int
    pages: int
    total: int


def attempt_of_id(session: Session, attempt_id: UUID) -> Attempt:
    """Raises NotFound, also for an author's preview."""
    found = session.get(Attempt, attempt_id)
    if found is None or found.preview:
        raise NotFound("There is no such attempt.")
    return found


def logs_of(session: Session, attempt: Attempt) -> list[Log]:
    """The sessions of an attempt, the newest first, each with what is still known of it."""
    plays = session.scalars(
        select(PlaySession).where(PlaySession.attempt_id == attempt.id).order_by(PlaySession.number.desc())
    ).unique()
    arrivals: dict[UUID, list[Arrival]] = {}
    wanted = (
        select(Arrival)
        .join(PlaySession, PlaySession.id == Arrival.session_id)
        .where(PlaySession.attempt_id == attempt.id)
        .order_by(Arrival.id.desc())
        .limit(MOST_ARRIVALS)
    )
    for arrival in session.scalars(wanted):
        arrivals.setdefault(arrival.session_id, []).append(arrival)
    launched = select(Launch).join(PlaySession, PlaySession.id == Launch.id)
    launches = {
        launch.id: launch
        for launch in session.scalars(launched.where(PlaySession.attempt_id == attempt.id)).unique()
    }
    late = _late(session, list(launches))
    return [
        _log(play, arrivals.get(play.id, []), launches.get(play.id), late.get(play.id, [])) for play in plays
    ]


def _late(session: Session, launches: Sequence[UUID]) -> dict[UUID, list[LateRequest]]:
    wanted = select(LateRequest).where(LateRequest.launch_id.in_(launches))
    found: dict[UUID, list[LateRequest]] = {}
    for late in session.scalars(wanted.order_by(LateRequest.arrived.desc()).limit(MOST_ARRIVALS)):
        found.setdefault(late.launch_id, []).append(late)
    return found


def doubts_of(session: Session, attempts: Sequence[UUID]) -> dict[UUID, list[Doubt]]:
    found: dict[UUID, list[Doubt]] = {}
    for doubt in session.scalars(select(Doubt).where(Doubt.attempt_id.in_(attempts)).order_by(Doubt.id)):
        found.setdefault(doubt.attempt_id, []).append(doubt)
    return found


def statements_of(session: Session, attempt: Attempt) -> list[Said]:
    """The statements of the attempt's registration in the order of what happened, at most 200.

    In cmi5 the registration is that of the whole course: only what is about this lesson is taken.
    """
    own = Statement.registration == (attempt.registration or attempt.id)
    if attempt.registration:
        lesson = select(Activity.id).where(Activity.iri == attempt.lesson.iri).scalar_subquery()
        own = and_(own, Statement.activity_id == lesson)
    wanted = (
        select(Statement.id, Statement.raw, Statement.timestamp, Statement.voided_at)
        .where(own)
        .order_by(Statement.timestamp, Statement.seq)
        .limit(MOST_STATEMENTS)
    )
    return [_said(*row) for row in session.execute(wanted)]


def doubt_of_id(session: Session, doubt_id: int) -> Doubt:
    """Raises NotFound."""
    found = session.get(Doubt, doubt_id)
    if found is None:
        raise NotFound("There is no such entry any more.")
    return found


def doubts_below(
    session: Session, tops: Sequence[Unit] | None, *, seen: bool = False, number: int = 1
) -> Page:
    """Doubts about people who are counted in or below the units today; about everybody without units.

    `seen`: also those that somebody has looked at.
    """
    wanted = _doubts(tops)
    if not seen:
        wanted = wanted.where(Doubt.seen.is_(None))
    total = session.scalar(select(func.count()).select_from(wanted.with_only_columns(Doubt.id).subquery()))
    pages = max(1, -(-(total or 0) // PAGE))
    number = min(max(1, number), pages)
    rows = session.execute(
        wanted.order_by(Doubt.at.desc(), Doubt.id.desc()).limit(PAGE).offset((number - 1) * PAGE)
    )
    return Page([Raised(*row) for row in rows.unique()], number, pages, total or 0)


def _doubts(tops: Sequence[Unit] | None) -> Any:
    standing = func.coalesce(Merger.standing, Attempt.learner)
    day = today()
    counted = and_(
        Membership.learner == Person.id,
        Membership.retired_at.is_(None),
        Membership.since <= day,
        or_(Membership.until.is_(None), Membership.until > day),
    )
    wanted = (
        select(Doubt, Person, Unit)
        .join(Attempt, Attempt.id == Doubt.attempt_id)
        .outerjoin(Merger, and_(Merger.learner == Attempt.learner, Merger.ended_at.is_(None)))
        .outerjoin(Person, Person.id == standing)
        .outerjoin(Membership, counted)
        .outerjoin(Unit, Unit.id == Membership.unit)
    )
    if tops is None:
        return wanted
    return wanted.where(or_(*(Unit.path.startswith(top.path, autoescape=True) for top in tops)))


def _log(play: PlaySession, arrivals: list[Arrival], launch: Launch | None, late: list[LateRequest]) -> Log:
    device = next((arrival.device for arrival in arrivals if arrival.device), "")
    return Log(
        play, arrivals, once(call for arrival in arrivals for call in arrival.calls), device, launch, late
    )


def _said(statement_id: UUID, raw: bytes, at: datetime, voided: datetime | None) -> Said:
    said = orjson.loads(raw)
    about = said["object"].get("definition", {}).get("name", {})
    words = about.get("vi") or next(iter(about.values()), said["object"].get("id", ""))
    verb = said["verb"].get("display") or {"vi": said["verb"]["id"]}
    return Said(statement_id, verb, words, said.get("result", {}), at, voided is None)
