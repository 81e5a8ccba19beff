"""What a commit needs to know, asked in one round trip past the ORM: its attempt, held until the transaction
ends, the lesson, and all sessions of the attempt.

These stand in for `Attempt`, `PlaySession` and `Lesson` where a commit is taken in, under the same names.
What has changed in them is written by the `Change`s that they tell.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, NamedTuple, TypeVar, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Float, Table, Uuid, bindparam, select, type_coerce
from sqlalchemy.types import NullType

from lms.catalogue.models import Course, CourseVersion, Lesson
from lms.player.models import Attempt, CourseRun, PlaySession
from lms.player.traces import Answered
from tracking.changes import Change
from tracking.questions import Question
from tracking.rounds import Command, Steps

Made = TypeVar("Made")


class KnownCourse(NamedTuple):
    iri: str
    title: str
    description: str
    demands_passing: bool


class KnownVersion(NamedTuple):
    sha256: str
    standard: str
    number: int


class KnownLesson(NamedTuple):
    id: int
    iri: str
    title: str
    href: str
    scorm_type: str
    minutes: int | None
    mastery_score: float | None
    completion_threshold: float | None
    version: KnownVersion
    course: KnownCourse


@dataclass(slots=True)
class KnownAttempt:
    """As `Attempt`; of its `state` only what replaces it."""

    id: UUID
    learner: UUID
    is_guest: bool
    preview: bool
    state_session: int
    completion: bool
    success: bool | None
    score_raw: float | None
    score_min: float | None
    score_max: float | None
    score_scaled: float | None
    progress: float
    seconds: float
    told: dict[str, Any]
    started: datetime
    updated: datetime
    completed_at: datetime | None
    ended: datetime | None
    lesson: KnownLesson
    state: dict[str, Any] | None = None


@dataclass(slots=True)
class KnownPlay:
    """As `PlaySession`; of its `snapshot` only what replaces it. `openings` are those of its run."""

    id: UUID
    attempt_id: UUID
    number: int
    started: datetime
    expires: datetime
    last_seq: int
    last_at: datetime | None
    seconds: float
    final: bool
    ended: datetime | None
    mode: str
    run_id: UUID | None
    opening: int
    openings: int | None
    snapshot: dict[str, Any] | None = None

    @property
    def is_overtaken(self) -> bool:
        """Whether another page of the course was opened since."""
        return self.openings is not None and self.opening < self.openings


@dataclass(slots=True)
class Known:
    """`play` is the session whose key came; `plays` are all of the attempt, the oldest first."""

    attempt: KnownAttempt
    play: KnownPlay
    plays: Sequence[KnownPlay]
    answered: set[UUID] = field(default_factory=set)

    def of(self, session_id: UUID) -> KnownPlay | None:
        return next((play for play in self.plays if play.id == session_id), None)


def _columns(model: type[Any], names: Iterable[str], prefix: str = "") -> list[ColumnElement[Any]]:
    """Numbers as the drivers give them: SQLAlchemy would ask what kind they are, and nobody here knows."""
    found = [(prefix + name, getattr(model, name)) for name in names]
    return [
        (type_coerce(column, NullType()) if isinstance(column.type, Float) else column).label(name)
        for name, column in found
    ]


_KEPT = ("snapshot", "state")
_ATTEMPT = [one.name for one in fields(KnownAttempt) if one.name not in ("lesson", *_KEPT)]
_PLAY = [one.name for one in fields(KnownPlay) if one.name not in ("openings", *_KEPT)]
_LESSON = [name for name in KnownLesson._fields if name not in ("version", "course")]
_LESSON_AT = len(_ATTEMPT)
_VERSION_AT = _LESSON_AT + len(_LESSON)
_COURSE_AT = _VERSION_AT + len(KnownVersion._fields)
_OURS = (
    select(PlaySession.attempt_id).where(PlaySession.id == bindparam("play", type_=Uuid())).scalar_subquery()
)
_ATTEMPT_HELD = Question(
    select(
        *_columns(Attempt, _ATTEMPT),
        *_columns(Lesson, _LESSON, "lesson_"),
        *_columns(CourseVersion, KnownVersion._fields, "version_"),
        *_columns(Course, KnownCourse._fields, "course_"),
    )
    .join(Lesson, Lesson.id == Attempt.lesson_id)
    .join(CourseVersion, CourseVersion.id == Lesson.version_id)
    .join(Course, Course.id == CourseVersion.course_id)
    .where(Attempt.id == _OURS)
    .with_for_update(of=Attempt)
)
# Asked after the attempt is held, so that nothing of it changes any more.
_PLAYS = Question(
    select(*_columns(PlaySession, _PLAY), CourseRun.openings)
    .outerjoin(CourseRun, CourseRun.id == PlaySession.run_id)
    .where(PlaySession.attempt_id == _OURS)
    .order_by(PlaySession.number)
)
_ANSWERED = Question(select(Answered.id).where(Answered.attempt_id == _OURS))
_SNAPSHOT = Question(select(PlaySession.snapshot).where(PlaySession.id == bindparam("play", type_=Uuid())))
_STATE = Question(select(Attempt.state).where(Attempt.id == bindparam("attempt", type_=Uuid())))


def looking(session_id: UUID, *, answers: bool) -> Steps[Known | None]:
    """What is known of a play session; None where there is none. `answers`: whether those told are wanted."""
    asked: list[Command] = [_ATTEMPT_HELD(play=session_id), _PLAYS(play=session_id)]
    if answers:
        asked.append(_ANSWERED(play=session_id))
    [attempts, found, *answered] = yield asked
    if not attempts:
        return None
    plays = [KnownPlay(*row) for row in found]
    play = next(one for one in plays if one.id == session_id)
    return Known(_attempt(attempts[0]), play, plays, {row.id for rows in answered for row in rows})


def telling_snapshot(session_id: UUID) -> Steps[dict[str, Any]]:
    """What the session told last."""
    [[row]] = yield [_SNAPSHOT(play=session_id)]
    found: dict[str, Any] = row.snapshot
    return found


def telling_state(attempt_id: UUID) -> Steps[dict[str, Any]]:
    """What the attempt's next session would begin with."""
    [[row]] = yield [_STATE(attempt=attempt_id)]
    found: dict[str, Any] = row.state
    return found


def _attempt(row: Sequence[Any]) -> KnownAttempt:
    """Of columns in the order in which they stand in these classes."""
    version, course = KnownVersion(*row[_VERSION_AT:_COURSE_AT]), KnownCourse(*row[_COURSE_AT:])
    lesson = _made(KnownLesson, row[_LESSON_AT:_VERSION_AT], version=version, course=course)
    return _made(KnownAttempt, row[:_LESSON_AT], lesson=lesson)


def _made(kind: Callable[..., Made], columns: Sequence[Any], **others: Any) -> Made:
    return kind(*columns, **others)


_CHANGING = (
    *("completion", "success", "score_raw", "score_min", "score_max", "score_scaled", "progress", "seconds"),
    *("told", "updated", "completed_at", "ended"),
)
_STATED = (*_CHANGING, "state_session", "state")
_COUNTED = ("last_seq", "last_at", "seconds", "final", "ended")
_TOLD = (*_COUNTED, "snapshot")


def changes(attempt: KnownAttempt, plays: Sequence[KnownPlay]) -> Iterator[Command]:
    """Write the attempt, and these of its sessions, as they are now."""
    yield _change(Attempt, attempt, _CHANGING if attempt.state is None else _STATED)
    yield from play_changes(plays)


def play_changes(plays: Sequence[KnownPlay]) -> Iterator[Command]:
    for play in plays:
        yield _change(PlaySession, play, _COUNTED if play.snapshot is None else _TOLD)


def _change(
    model: type[Attempt | PlaySession], row: KnownAttempt | KnownPlay, names: Sequence[str]
) -> Change:
    return Change(cast("Table", model.__table__), row.id, {name: getattr(row, name) for name in names})
