"""The tables of the pages as files hold them: whole, with definition and date."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import show_date, show_datetime
from lms.rates.figures import Figure, course_rows, unit_rows, week_rows
from lms.rates.people import MOST_NAMES, PersonRow, everybody, missing_people
from lms.rates.queries import rate_answer
from lms.rates.questions import Question
from lms.rates.tables import Cell, Column, Holds, Table
from lms.rates.wording import kind_words, unit_words

Make = Callable[[Session, Question], Table]


def missing_table(session: Session, asked: Question) -> Table:
    columns = [*_who(), Column(_("Telephone"), width=16), Column(_("Last activity"), Holds.MOMENT, 18)]
    rows = [
        [*_names(row), row.person.phone if row.person else None, row.active_at]
        for row in missing_people(session, asked, size=None).rows
    ]
    return _table(session, asked, _("Who has not completed"), columns, rows)


def everybody_table(session: Session, asked: Question) -> Table:
    columns = [*_who(), Column(_("Completed"), Holds.MOMENT, 18), Column(_("Proof (statement)"), width=38)]
    rows = [
        [*_names(row), row.completed_at, str(row.member.statement_id) if row.member.statement_id else None]
        for row in everybody(session, asked, size=None).rows
    ]
    return _table(session, asked, _("Where the number comes from"), columns, rows)


def units_table(session: Session, asked: Question) -> Table:
    columns = [
        Column(_("Rank"), Holds.NUMBER, 8),
        Column(_("Code"), width=14),
        Column(_("Unit"), width=36),
        Column(_("Kind"), width=16),
        *_figure_columns(),
    ]
    rows: list[list[Cell]] = [
        [row.rank, row.unit.code, unit_words(row), kind_words(row.unit.kind), *_figure(row.figure)]
        for row in unit_rows(session, asked)
    ]
    return _table(session, asked, _("By unit"), columns, rows)


def courses_table(session: Session, asked: Question) -> Table:
    columns = [Column(_("Course"), width=44), Column(_("Last day")), *_figure_columns()]
    rows: list[list[Cell]] = [
        [row.course.title, row.due, *_figure(row.figure)] for row in course_rows(session, asked)
    ]
    return _table(session, asked, _("By course"), columns, rows)


def weeks_table(session: Session, asked: Question) -> Table:
    columns = [Column(_("Day")), *_figure_columns()]
    rows: list[list[Cell]] = [[row.day, *_figure(row.figure)] for row in week_rows(session, asked)]
    return _table(session, asked, _("Over time"), columns, rows)


# What can be downloaded, and whether it names people.
SHEETS: dict[str, tuple[Make, bool]] = {
    "missing": (missing_table, True),
    "people": (everybody_table, True),
    "units": (units_table, False),
    "courses": (courses_table, False),
    "weeks": (weeks_table, False),
}


def sheet(session: Session, asked: Question, name: str) -> Table:
    """The table of that name, a key of SHEETS. Raises Refused for a list of more names than anybody reads."""
    make, names_people = SHEETS[name]
    if names_people and rate_answer(session, asked).members > MOST_NAMES:
        raise Refused(
            "%(unit)s has more people than one list can hold. Choose one of the units below it.",
            unit=asked.unit.name,
        )
    return make(session, asked)


def _table(
    session: Session, asked: Question, title: str, columns: list[Column], rows: list[list[Cell]]
) -> Table:
    found = rate_answer(session, asked)
    about = [
        _("Unit: %(unit)s (code %(code)s)", unit=asked.unit.name, code=asked.unit.code),
        f"{found.definition}.",
        _(
            "As of %(date)s: %(completed)s/%(members)s",
            date=show_date(found.as_of),
            completed=found.completed,
            members=found.members,
        ),
        _("Made at %(moment)s", moment=show_datetime(utc_now())),
    ]
    return Table(f"{title} – {asked.unit.name}", about, columns, rows)


def _who() -> list[Column]:
    return [Column(_("Code")), Column(_("Full name"), width=30), Column(_("Unit"), width=34)]


def _names(row: PersonRow) -> list[Cell]:
    person = row.person
    return [person.code if person else None, person.name if person else None, row.unit.name]


def _figure_columns() -> list[Column]:
    return [
        Column(_("Completed"), Holds.NUMBER),
        Column(_("People counted"), Holds.NUMBER),
        Column(_("Missing"), Holds.NUMBER),
        Column(_("Percent"), Holds.PERCENT),
    ]


def _figure(figure: Figure) -> list[Cell]:
    return [figure.completed, figure.members, figure.missing, figure.percent]
