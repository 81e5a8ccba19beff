"""The analysis of questions as a workbook."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lms.core.i18n import gettext as _
from lms.core.sheets.cells import Cell
from lms.core.sheets.reading import Family
from lms.core.sheets.writing import write
from lms.support.items import Item, LessonItems


def write_items(target: Path, version: int, lessons: Iterable[LessonItems]) -> None:
    """A row for each choice of each question; a question without any has one row all the same."""
    heading = [
        _("Lesson"),
        _("Version"),
        _("Question"),
        _("Name in the package"),
        _("People who answered"),
        _("Answers"),
        _("Right the first time"),
        _("Right the first time (percent)"),
        _("Median time (seconds)"),
        _("Answer"),
        _("Right answer"),
        _("Chosen the first time"),
        _("Chosen in all"),
    ]
    write(target, Family.WORKBOOK, heading, _rows(version, lessons))


def _rows(version: int, lessons: Iterable[LessonItems]) -> Iterator[list[Cell]]:
    for lesson in lessons:
        for item in lesson.items:
            about = _about(lesson.lesson.title, version, item)
            for choice in item.choices:
                right = {True: _("Yes"), False: _("No"), None: ""}[choice.right]
                yield [*about, choice.words, right, choice.first, choice.all]
            if not item.choices:
                yield about


def _about(title: str, version: int, item: Item) -> list[Cell]:
    seconds = None if item.seconds is None else round(item.seconds, 1)
    judged = item.first_right if item.judged else None
    return [
        title,
        version,
        item.text,
        item.name,
        item.people,
        item.answers,
        judged,
        item.percent,
        seconds,
    ]
