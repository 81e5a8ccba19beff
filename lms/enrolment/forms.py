"""The forms of assigning."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms import DateField, RadioField, SelectField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, ValidationError

from lms.catalogue.models import Course
from lms.core.clock import read_date, today
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, show_date
from lms.core.web.forms import PageForm
from lms.units.models import Unit

AUDIENCES = [SelectChoice("officer", lazy("Officers")), SelectChoice("citizen", lazy("Citizens"))]


class DayField(DateField):
    """A date typed as 31/03/2026; the way programs write it is taken too."""

    def _value(self) -> str:
        return " ".join(self.raw_data) if self.raw_data else show_date(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data: date | None = None
        text = " ".join(valuelist).strip()
        if not text:
            return
        try:
            self.data = read_date(text)
        except ValueError as error:
            raise ValueError(_("“%(text)s” is not a date. Type it as in 31/03/2026.", text=text)) from error


class AssignForm(PageForm):
    """A course, a unit of one's own, an audience and a date."""

    course = SelectField(
        lazy("Course"),
        widget=GovSelect(),
        validate_choice=False,
        validators=[InputRequired(message=lazy("Choose the course."))],
    )
    unit = SelectField(
        lazy("Unit"),
        widget=GovSelect(),
        description=lazy(
            "It holds for this unit and for all units below it, also for people who join later."
        ),
        validate_choice=False,
    )
    audience = RadioField(
        lazy("Who must complete it?"),
        widget=GovRadioInput(),
        choices=AUDIENCES,
        validate_choice=False,
        validators=[AnyOf([each.value for each in AUDIENCES], message=lazy("Choose officers or citizens."))],
    )
    due = DayField(
        lazy("Last day"),
        widget=GovTextInput(),
        description=lazy("Until the end of this day, for example 31/03/2026."),
        validators=[InputRequired(message=lazy("Type the last day, for example 31/03/2026."))],
    )
    submit = SubmitField(lazy("Assign"), widget=GovSubmitInput())

    def __init__(self, courses: Sequence[Course], units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.course.choices = [
            SelectChoice("", _("Choose a course")),
            *(SelectChoice(each.slug, each.title) for each in courses),
        ]
        self.unit.choices = [SelectChoice(each.code, each.name) for each in units]

    def validate_course(self, field: SelectField) -> None:
        if field.data not in [each.value for each in field.choices]:
            raise ValidationError(_("Choose a course from the list."))

    def validate_unit(self, field: SelectField) -> None:
        if field.data not in [each.value for each in field.choices]:
            raise ValidationError(_("Choose a unit from the list."))

    def validate_due(self, field: DayField) -> None:
        if field.data is not None and field.data < today():
            raise ValidationError(_("This day has passed. Choose today or a later day."))
