"""What a lesson asks, as a file in its package: whoever looks at answers sees words, not letters.

SCORM 1.2 has no place for the text of a question or of its choices, so it travels beside the page.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from courses.authoring.lesson import Exercise, LessonSource
from courses.authoring.showing import right_response, scorm_type, values_of

FILE = "bdhvs-questions.json"
LARGEST = 512 * 1024
_TAG = re.compile(r"<[^>]+>")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `choices` maps the letters in answers to words, `is_check`: it is of the final check."""

    id: str
    text: str
    choices: dict[str, str]
    is_check: bool


def questions_file(lesson: LessonSource) -> bytes:
    """All exercises and questions of a lesson, in their order."""
    return json.dumps(list(_all(lesson)), ensure_ascii=False, indent=1).encode()


def read_questions(folder: Path) -> dict[str, Question]:
    """The questions of an unpacked package by id; none where it has no such file, or one that is not ours."""
    return _read(folder / FILE)


@lru_cache(maxsize=128)  # the files of a package never change
def _read(file: Path) -> dict[str, Question]:
    try:
        if file.stat().st_size > LARGEST:
            return {}
        entries = json.loads(file.read_bytes())
        found = [_question(entry) for entry in entries]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
    return {question.id: question for question in found}


def _question(entry: dict[str, Any]) -> Question:
    choices = {str(value): str(words) for value, words in entry["choices"].items()}
    return Question(str(entry["id"]), str(entry["text"]), choices, bool(entry.get("check")))


def _all(lesson: LessonSource) -> Iterator[dict[str, Any]]:
    for step in lesson.steps:
        if isinstance(step, Exercise):
            yield _entry(step, check=False)
    for question in lesson.check.questions:
        yield _entry(question, check=True)


def _entry(exercise: Exercise, *, check: bool) -> dict[str, Any]:
    pairs = zip(values_of(exercise), exercise.options, strict=True)
    return {
        "id": exercise.id,
        "type": scorm_type(exercise.kind),
        "text": _words(exercise.heading),
        "check": check,
        "choices": {value: _words(f"{option.label} {option.html}") for value, option in pairs},
        "right": right_response(exercise),
    }


def _words(html: str) -> str:
    return _BLANKS.sub(" ", unescape(_TAG.sub(" ", html))).strip()
