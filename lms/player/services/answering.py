"""Answers become statements, each once, by the terms of ADL's SCORM profile; and rows, for those who look at
how questions do.

An odd answer never costs a commit: what the record would refuse is told more plainly, or not at all.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, cast
from urllib.parse import quote, unquote
from uuid import UUID, uuid5

import structlog
from sqlalchemy import Table

from courses.authoring.questions import Question, read_questions
from lms.catalogue.models import Lesson
from lms.core.vocabulary.iris import INTERACTION
from lms.player.known import KnownLesson, KnownPlay
from lms.player.rules.answers import Answer, answers_in
from lms.player.rules.message import Message
from lms.player.rules.moments import answered_at
from lms.player.services.statements import LANGUAGE, Teller
from lms.player.traces import Answered
from tracking.listed import inserted
from tracking.rounds import Command
from tracking.statements.validation import Invalid
from tracking.statements.validation.activities import activity
from tracking.statements.validation.results import result

ANSWERED = "answered"
MOST_OF_AN_ATTEMPT = 2000
_HAVE_CHOICES = frozenset({"choice", "sequencing"})

log = structlog.get_logger()
Json = dict[str, Any]


@dataclass(frozen=True)
class _Given:
    """An answer with its moment, and what is known of its question."""

    answer: Answer
    at: datetime
    question: Question | None


def tell_answers(
    teller: Teller, play: KnownPlay, message: Message, at: datetime, data: Path, known: set[UUID]
) -> tuple[list[Json], list[Command]]:
    """The statements of answers that were not told before, and what is to be written beside them.

    At most 2000 for an attempt; `known` are the statements of those that were told. `data` is the folder of
    all files.
    """
    fresh = _fresh(teller, message, known)
    if not fresh:
        return [], []
    questions = questions_of(teller.attempt.lesson, data / "packages")
    statements, rows = [], []
    for answer in fresh:
        moment = answered_at(answer.moment, taken=message.at, at=at, since=play.started)
        statement = _valid(teller, _Given(answer, moment, questions.get(answer.item)))
        if statement is not None:
            statements.append(statement)
            rows.append(_row(UUID(statement["id"]), teller, answer, moment))
    return statements, inserted(cast("Table", Answered.__table__), rows)


def questions_of(lesson: Lesson | KnownLesson, packages: Path) -> dict[str, Question]:
    """What is known of the lesson's questions by id; `packages` is where packages are unpacked."""
    return _questions(packages, lesson.version.sha256, lesson.href)


@lru_cache(maxsize=256)  # the files of a package never change
def _questions(packages: Path, sha256: str, href: str) -> dict[str, Question]:
    folder = packages / sha256
    beside = PurePosixPath(unquote(href.partition("?")[0])).parent
    if beside.is_absolute() or ".." in beside.parts:
        return read_questions(folder)
    return read_questions(folder / beside) or read_questions(folder)


def _fresh(teller: Teller, message: Message, known: set[UUID]) -> list[Answer]:
    """Those of the message that were not told before; each session is given what earlier ones answered."""
    given = [each for each in answers_in(message.cmi) if each.is_settled or message.end is not None]
    by_id = {uuid5(teller.attempt.id, f"{ANSWERED}:{each.mark}"): each for each in given}
    fresh = [each for key, each in by_id.items() if key not in known]
    return fresh[: max(0, MOST_OF_AN_ATTEMPT - len(known))]


def _valid(teller: Teller, given: _Given) -> Json | None:
    """The statement; without what is odd in its definition if the record would refuse it, or none."""
    plain = replace(given.answer, kind="other", correct=())
    for each in (given, _Given(plain, given.at, None)):
        statement = _statement(teller, each)
        try:
            # What the package had a say in; when it is stored, the record looks at all of it.
            activity(statement["object"])
            result(statement["result"])
        except Invalid as fault:
            log.warning("answer_odd", attempt=str(teller.attempt.id), fault=str(fault))
        else:
            return statement
    return None


def _statement(teller: Teller, given: _Given) -> Json:
    """That of the lesson, turned to what was asked in it: the lesson becomes its parent."""
    answer, attempt = given.answer, teller.attempt
    statement = teller.tell(ANSWERED, given.at, of=attempt.id, number=answer.mark)
    around = statement["context"]["contextActivities"]
    around["grouping"] = [*around["grouping"], *around["parent"]]
    around["parent"] = [statement["object"]]
    statement["object"] = {
        "objectType": "Activity",
        "id": f"{attempt.lesson.iri}/interactions/{quote(answer.item, safe='')}",
        "definition": _definition(given),
    }
    statement["result"] = _result(answer)
    return statement


def _definition(given: _Given) -> Json:
    """What was asked, as far as it is known (part 2, Appendix C)."""
    answer, question = given.answer, given.question
    found: Json = {
        "type": INTERACTION,
        "name": {LANGUAGE: (question.text if question else "") or answer.prompt or answer.item},
        "interactionType": answer.kind,
    }
    if answer.correct:
        found["correctResponsesPattern"] = list(answer.correct)
    if question and answer.kind in _HAVE_CHOICES:
        found["choices"] = [
            {"id": value, "description": {LANGUAGE: words}} for value, words in question.choices.items()
        ]
    return found


def _result(answer: Answer) -> Json:
    parts = {
        "response": answer.response,
        "success": answer.right,
        "duration": None if answer.seconds is None else f"PT{answer.seconds:.2f}S",
        "score": None if answer.points is None else {"raw": answer.points},
    }
    return {name: part for name, part in parts.items() if part is not None}


def _row(statement_id: UUID, teller: Teller, answer: Answer, at: datetime) -> Json:
    """That of an `Answered`."""
    attempt = teller.attempt
    return {
        "id": statement_id,
        "attempt_id": attempt.id,
        "lesson_id": attempt.lesson.id,
        "position": answer.position,
        "item": answer.item,
        "prompt": answer.prompt,
        "kind": answer.kind,
        "response": answer.response,
        "correct": list(answer.correct),
        "right": answer.right,
        "seconds": answer.seconds,
        "at": at,
    }
