"""The forms of authors."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf.file import FileAllowed, FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovFileInput,
    GovSelect,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import BooleanField, IntegerField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional

from lms.catalogue.models import Course
from lms.catalogue.packages import ENDINGS
from lms.catalogue.words import AFTER_COMPLETION, AUDIENCES, TOPICS
from lms.core.i18n import Message, lazy
from lms.core.i18n import gettext as _
from lms.core.web.forms import PageForm


def _number_or_none(value: Any) -> int | None:
    return int(value) if str(value or "").isdigit() else None


def _choices(nothing: Message | None, words: Mapping[Any, Message]) -> list[SelectChoice]:
    return [
        *([] if nothing is None else [SelectChoice("", nothing)]),
        *(SelectChoice(str(value), label) for value, label in words.items()),
    ]


class UploadForm(PageForm):
    """A package, as a new course or as a new version of one."""

    file = FileField(
        lazy("Package (a .zip file)"),
        widget=GovFileInput(),
        description=lazy(
            "Exported from your authoring tool as SCORM 1.2, SCORM 2004 or cmi5. A cmi5.xml may come alone."
        ),
        validators=[
            FileRequired(message=lazy("Choose the package.")),
            FileAllowed(
                [ending.lstrip(".") for ending in ENDINGS],
                message=lazy("Choose a .zip file, or a cmi5.xml."),
            ),
        ],
    )
    course = SelectField(lazy("What it is"), widget=GovSelect())
    submit = SubmitField(lazy("Import the package"), widget=GovSubmitInput())

    def offer(self, courses: Iterable[Course]) -> None:
        """Let the author choose among the courses whose next version this could be."""
        self.course.choices = [
            SelectChoice("", _("A new course")),
            *(
                SelectChoice(course.slug, _("New version of “%(title)s”", title=course.title))
                for course in courses
            ),
        ]


class OfferForm(PageForm):
    """What is said of a course on its page."""

    title = StringField(
        lazy("Title"),
        widget=GovTextInput(),
        validators=[Length(min=1, max=300, message=lazy("Give the course a title of at most 300 letters."))],
    )
    topic = SelectField(
        lazy("Topic"),
        widget=GovSelect(),
        coerce=_number_or_none,
        choices=_choices(lazy("None of the four topics"), TOPICS),
    )
    audience = SelectField(
        lazy("For whom"), widget=GovSelect(), choices=_choices(lazy("Everybody"), AUDIENCES)
    )
    minutes = IntegerField(
        lazy("Minutes"),
        widget=GovTextInput(),
        validators=[
            Optional(),
            NumberRange(1, 600, message=lazy("Give the minutes as a number from 1 to 600.")),
        ],
    )
    demands_passing = BooleanField(
        lazy("A lesson with a pass mark is completed only by passing it"), widget=GovCheckboxInput()
    )
    attempt_limit = IntegerField(
        lazy("Attempts at each lesson"),
        widget=GovTextInput(),
        description=lazy("Leave it empty for as many as one likes. The best result counts."),
        validators=[
            Optional(),
            NumberRange(1, 100, message=lazy("Give the attempts as a number from 1 to 100.")),
        ],
    )
    after_completion = SelectField(
        lazy("Opening a completed lesson again"), widget=GovSelect(), choices=_choices(None, AFTER_COMPLETION)
    )
    submit = SubmitField(lazy("Save"), widget=GovSubmitInput())
