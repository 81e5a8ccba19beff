"""What is asked: which unit, course, audience and date; and reading that from addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.catalogue.models import Course
from lms.core import clock
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import show_date
from lms.units.models import Unit
from tracking.rates.timeline import AUDIENCES


class WrongParameter(Refused):
    """A parameter of an address that cannot be used; `parameter` names it."""

    def __init__(self, parameter: str, message: str, **params: Any) -> None:
        super().__init__(message, **params)
        self.parameter = parameter


@dataclass(frozen=True)
class Question:
    """Of the people counted in a unit on `as_of`, how many had completed the course by the end of that day?

    `audience` none counts all. `known_on`: by what was recorded until the end of that day, none: until now.
    """

    unit: Unit
    course: Course
    audience: str | None
    as_of: date
    known_on: date | None = None


def definition(asked: Question) -> str:
    """What the numbers count, in one line; the date stands beside it."""
    words = {
        "officer": _(
            "Officers of %(unit)s who have completed “%(course)s”, out of all its officers",
            unit=asked.unit.name,
            course=asked.course.title,
        ),
        "citizen": _(
            "Citizens of %(unit)s who have completed “%(course)s”, out of all its citizens",
            unit=asked.unit.name,
            course=asked.course.title,
        ),
    }.get(asked.audience or "") or _(
        "People of %(unit)s who have completed “%(course)s”, out of all its people",
        unit=asked.unit.name,
        course=asked.course.title,
    )
    if asked.known_on is None:
        return words
    return _("%(words)s, by what was recorded until %(day)s", words=words, day=show_date(asked.known_on))


def read_audience(text: str | None) -> str | None:
    """None where nothing was chosen. Raises WrongParameter."""
    if not text:
        return None
    if text not in AUDIENCES:
        raise WrongParameter(
            "audience", "“%(text)s” is not an audience. Use officer or citizen.", text=text[:40]
        )
    return text


def read_day(values: Mapping[str, str], name: str) -> date | None:
    """A day of the past or today, None where nothing was given. Raises WrongParameter."""
    text = values.get(name, "").strip()
    return past_day(name, _day(name, text)) if text else None


def past_day(name: str, day: date) -> date:
    """Raises WrongParameter for a day that has not come yet: nobody knows its figures."""
    if day > clock.today():
        raise WrongParameter(
            name, "%(day)s has not come yet. Choose today or an earlier day.", day=show_date(day)
        )
    return day


def _day(name: str, text: str) -> date:
    try:
        return clock.read_date(text)
    except ValueError as error:
        raise WrongParameter(
            name, "“%(text)s” is not a date. Type it as in 31/03/2026.", text=text[:40]
        ) from error
