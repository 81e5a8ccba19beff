"""The forms of the roster."""

from collections.abc import Callable
from typing import Any

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovSelect, GovSubmitInput, GovTextInput
from wtforms import Field, Form, HiddenField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from lms.core.errors import Refused
from lms.core.i18n import Message, lazy, words_of
from lms.core.web.forms import PageForm
from lms.people import values

GENDERS = [
    SelectChoice("", lazy("Not said")),
    SelectChoice("female", lazy("Female")),
    SelectChoice("male", lazy("Male")),
    SelectChoice("other", lazy("Other")),
]
AUDIENCES = [SelectChoice("officer", lazy("Officer")), SelectChoice("citizen", lazy("Citizen"))]
DAY_HINT = lazy("For example 31/03/2026.")


class Read:
    """Reads a field as the cells of a roster are read; an empty one is none."""

    def __init__(self, reader: Callable[[str], Any]) -> None:
        self.reader = reader

    def __call__(self, _form: Form, field: Field) -> None:
        text = (field.data or "").strip() if isinstance(field.data, str) else field.data
        try:
            field.data = self.reader(text) if text else None
        except Refused as refusal:
            raise ValidationError(words_of(refusal)) from refusal


def _text(label: Message, reader: Callable[[Any], Any], hint: Message | None = None) -> StringField:
    return StringField(label, widget=GovTextInput(), description=hint or "", validators=[Read(reader)])


class ContactForm(PageForm):
    """Name and contact data of a person."""

    name = StringField(
        lazy("Full name"),
        widget=GovTextInput(),
        validators=[InputRequired(message=lazy("Type the name.")), Read(values.read_name)],
    )
    phone = _text(lazy("Telephone"), values.read_phone, lazy("10 digits."))
    email = _text(lazy("E-mail"), values.read_email, lazy("Leave it empty if there is none."))
    position = _text(lazy("Position"), values.read_text)
    birth_year = _text(lazy("Year of birth"), values.read_birth_year, lazy("For example 1980."))
    gender = SelectField(lazy("Gender"), widget=GovSelect(), choices=GENDERS)
    submit = SubmitField(lazy("Save"), widget=GovSubmitInput())

    @property
    def said(self) -> dict[str, Any]:
        """The columns of a person; what was left empty is none."""
        names = ("name", "phone", "email", "position", "birth_year", "gender")
        return {name: self.data[name] or None for name in names}


class MoveForm(PageForm):
    """Where a person is counted from a date on."""

    unit = StringField(
        lazy("New unit"),
        widget=GovTextInput(),
        description=lazy("Its code. Begin to type the name to choose from a list."),
        validators=[InputRequired(message=lazy("Name the unit."))],
    )
    audience = SelectField(lazy("Counted as"), widget=GovSelect(), choices=AUDIENCES)
    since = StringField(
        lazy("First day there"),
        widget=GovTextInput(),
        description=DAY_HINT,
        validators=[InputRequired(message=lazy("Type the date.")), Read(values.read_since)],
    )
    submit = SubmitField(lazy("Move"), widget=GovSubmitInput())

    @property
    def unit_code(self) -> str:
        """What was typed, or what was chosen from the list (`10549 – Phường Chu Văn An`)."""
        return str(self.unit.data).split(" – ", 1)[0].strip()


class LeaveForm(PageForm):
    """From when on a person is counted nowhere."""

    until = StringField(
        lazy("First day on which they no longer count"),
        widget=GovTextInput(),
        description=DAY_HINT,
        validators=[InputRequired(message=lazy("Type the date.")), Read(values.read_since)],
    )
    submit = SubmitField(lazy("No longer count this person"), widget=GovSubmitInput())


class UploadForm(PageForm):
    """A file to import."""

    file = FileField(
        lazy("Your file"),
        widget=GovFileInput(),
        validators=[FileRequired(message=lazy("Choose a file first."))],
    )
    submit = SubmitField(lazy("Check the file"), widget=GovSubmitInput())


class ConfirmForm(PageForm):
    """Nothing but the button, and that it was pressed on our page."""

    unit = HiddenField()
    submit = SubmitField(lazy("Import"), widget=GovSubmitInput())
