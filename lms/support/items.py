"""How the questions of a version do, for their authors. Guests and previews are left out; nobody is named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from courses.authoring.questions import Question
from lms.catalogue.models import CourseVersion, Lesson
from lms.core.i18n import gettext as _
from lms.player.models import Attempt
from lms.player.rules.patterns import chosen
from lms.player.services.answering import questions_of
from lms.player.traces import Answered

MOST_RESPONSES = 500  # different answers to one lesson's questions that are looked at
MOST_SHOWN = 12
_BY_PART = "choice"
_TRUTH = {"true": "t", "false": "f"}


@dataclass(frozen=True)
class Choice:
    """An answer in words; `right` None where nobody knows. `first` counts first answers, `all` every one."""

    words: str
    right: bool | None
    first: int
    all: int


@dataclass(frozen=True)
class Item:
    """A question. `people` answered it; of the `judged` first answers `first_right` were right.

    `seconds` is the median time of an answer, None where the package tells none.
    """

    name: str
    text: str
    kind: str
    people: int
    answers: int
    judged: int
    first_right: int
    seconds: float | None
    choices: tuple[Choice, ...]

    @property
    def percent(self) -> float | None:
        """How many were right the first time, 0 to 100."""
        return round(100 * self.first_right / self.judged, 1) if self.judged else None


@dataclass(frozen=True)
class LessonItems:
    lesson: Lesson
    items: tuple[Item, ...]


def items_of(session: Session, version: CourseVersion, packages: Path) -> list[LessonItems]:
    """The questions of a version that were answered, by lesson, in the order in which they come."""
    return [
        LessonItems(lesson, tuple(_items(session, lesson, questions_of(lesson, packages))))
        for lesson in version.lessons
    ]


def _items(session: Session, lesson: Lesson, questions: Mapping[str, Question]) -> Iterator[Item]:
    base = _base(lesson)
    first = base.c.turn == 1
    counted = session.execute(
        select(
            base.c.item,
            func.count().label("answers"),
            func.sum(case((first, 1), else_=0)).label("people"),
            func.sum(case((first & base.c.right.is_not(None), 1), else_=0)).label("judged"),
            func.sum(case((first & base.c.right.is_(True), 1), else_=0)).label("first_right"),
        ).group_by(base.c.item)
    ).all()
    if not counted:
        return
    newest, responses, medians = _newest(session, base), _responses(session, base), _medians(session, base)
    places = {name: place for place, name in enumerate(questions)}
    for row in sorted(
        counted, key=lambda row: (places.get(row.item, len(places)), newest[row.item].position)
    ):
        about, question = newest[row.item], questions.get(row.item)
        yield Item(
            name=row.item,
            text=(question.text if question else "") or about.prompt or row.item,
            kind=about.kind,
            people=row.people,
            answers=row.answers,
            judged=row.judged,
            first_right=row.first_right,
            seconds=medians.get(row.item),
            choices=_choices(about.kind, about.correct, responses.get(row.item, ()), question),
        )


def _base(lesson: Lesson) -> Any:
    """The answers that count, each with its turn among those of the same learner to the same question."""
    turn = func.row_number().over(
        partition_by=(Attempt.learner, Answered.item), order_by=(Answered.at, Answered.position, Answered.id)
    )
    return (
        select(
            Answered.item,
            Answered.position,
            Answered.prompt,
            Answered.kind,
            Answered.response,
            Answered.correct,
            Answered.right,
            Answered.seconds,
            Answered.at,
            turn.label("turn"),
        )
        .join(Attempt, Attempt.id == Answered.attempt_id)
        .where(Answered.lesson_id == lesson.id, Attempt.is_guest.is_(False), Attempt.preview.is_(False))
        .subquery()
    )


def _newest(session: Session, base: Any) -> dict[str, Any]:
    """What the newest answer says of each question."""
    age = func.row_number().over(partition_by=base.c.item, order_by=base.c.at.desc())
    aged = select(base, age.label("age")).subquery()
    return {row.item: row for row in session.execute(select(aged).where(aged.c.age == 1))}


def _responses(session: Session, base: Any) -> dict[str, list[Any]]:
    """The different answers to each question with how often they came; the most frequent 500."""
    first = func.sum(case((base.c.turn == 1, 1), else_=0)).label("first")
    total = func.count().label("total")
    wanted = select(base.c.item, base.c.response, first, total).group_by(base.c.item, base.c.response)
    found: dict[str, list[Any]] = {}
    for row in session.execute(wanted.order_by(total.desc(), base.c.response).limit(MOST_RESPONSES)):
        found.setdefault(row.item, []).append(row)
    return found


def _medians(session: Session, base: Any) -> dict[str, float]:
    """Median seconds; SQLite has no function for it, so the rows in the middle are counted off."""
    place = func.row_number().over(partition_by=base.c.item, order_by=base.c.seconds)
    size = func.count().over(partition_by=base.c.item)
    timed = (
        select(base.c.item, base.c.seconds, place.label("place"), size.label("size"))
        .where(base.c.seconds.is_not(None))
        .subquery()
    )
    middle = (timed.c.place * 2 >= timed.c.size) & (timed.c.place * 2 <= timed.c.size + 2)
    wanted = select(timed.c.item, func.avg(timed.c.seconds)).where(middle).group_by(timed.c.item)
    return {item: float(seconds) for item, seconds in session.execute(wanted)}


def _choices(
    kind: str, correct: Sequence[str], responses: Sequence[Any], question: Question | None
) -> tuple[Choice, ...]:
    """What was chosen how often: single choices where several may be chosen together, else whole answers."""
    known = question.choices if question else {}
    by_part = kind == _BY_PART
    right = {part for pattern in correct for part in (chosen(pattern) if by_part else [pattern])}
    counts: dict[str, list[int]] = {value: [0, 0] for value in known} if by_part else {}
    for row in responses:
        for part in chosen(row.response) if by_part else [row.response]:
            count = counts.setdefault(part, [0, 0])
            count[0] += row.first
            count[1] += row.total
    ordered = counts.items() if known and by_part else sorted(counts.items(), key=lambda each: -each[1][1])
    return tuple(
        Choice(_words(kind, value, known), (value in right) if right else None, *count)
        for value, count in list(ordered)[:MOST_SHOWN]
    )


def _words(kind: str, value: str, known: Mapping[str, str]) -> str:
    if kind == "true-false":
        fallback = {"true": _("True"), "false": _("False")}.get(value, value)
        return known.get(_TRUTH.get(value, value)) or fallback
    parts = [known.get(part, part) for part in chosen(value)]
    return (" → " if kind == "sequencing" else ", ").join(parts) or _("(nothing)")
