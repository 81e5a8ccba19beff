"""The forms about clients."""

from datetime import timedelta
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovRadioInput,
    GovSubmitInput,
    GovTextInput,
)
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Regexp, ValidationError

from lms.core.i18n import gettext as _
from lms.core.i18n import lazy
from lms.core.web.forms import PageForm
from lms.xapi.services import LONGEST_NAME, MOST_PER_MINUTE
from lms.xapi.wording import SCOPES

KEEP = {
    "0": timedelta(0),
    "1": timedelta(hours=1),
    "24": timedelta(hours=24),
    "168": timedelta(days=7),
}
KEEP_WORDS = [
    SelectChoice("0", lazy("It ends at once")),
    SelectChoice("1", lazy("For one more hour")),
    SelectChoice("24", lazy("For one more day")),
    SelectChoice("168", lazy("For one more week")),
]


class ClientForm(PageForm):
    """What a client is called and what it may do."""

    name = StringField(
        lazy("Name of the client"),
        widget=GovTextInput(),
        description=lazy(
            "By which you and others will know it again, for example “One Touch, department of health”."
        ),
        validators=[
            DataRequired(message=lazy("Type a name.")),
            Length(max=LONGEST_NAME, message=lazy("A name has at most 200 characters.")),
        ],
    )
    scopes = SelectMultipleField(
        lazy("What may it do?"),
        widget=GovCheckboxesInput(),
        description=lazy("Choose only what it needs."),
        choices=[SelectChoice(scope.value, words) for scope, words in SCOPES.items()],
        validate_choice=False,
        validators=[InputRequired(message=lazy("Choose at least one thing that it may do."))],
    )
    per_minute = StringField(
        lazy("At most so many statements a minute"),
        widget=GovTextInput(),
        description=lazy("Leave it empty for no limit. A request without statements counts as one."),
    )
    submit = SubmitField(lazy("Save"), widget=GovSubmitInput())

    def validate_scopes(self, field: Field) -> None:
        if not set(field.data or ()) <= {scope.value for scope in SCOPES}:
            raise ValidationError(_("Choose from the list."))

    def validate_per_minute(self, field: Field) -> None:
        text = (field.data or "").strip().replace(".", "").replace(" ", "")
        field.limit = None
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= MOST_PER_MINUTE):  # noqa: PLR2004
            raise ValidationError(_("Type a whole number from 1 to 10.000.000, or nothing."))
        field.limit = int(text)

    @property
    def said(self) -> dict[str, Any]:
        """What the services take; after validation."""
        return {
            "name": self.name.data,
            "scopes": self.scopes.data,
            "per_minute": self.per_minute.limit,
        }


class NewClientForm(ClientForm):
    """`key` was chosen when the page was made: sent twice, the form adds one client."""

    key = HiddenField(
        validators=[Regexp("[0-9a-f]{24}$", message=lazy("Load this page again and fill it in anew."))]
    )
    submit = SubmitField(lazy("Add and show the secret"), widget=GovSubmitInput())


class RotateForm(PageForm):
    """How long the old secret stays good; `revision` tells whether the page is still about the same one."""

    keep = RadioField(
        lazy("How long shall the old secret still work?"),
        widget=GovRadioInput(),
        choices=KEEP_WORDS,
        default="24",
        validate_choice=False,
        validators=[AnyOf(list(KEEP), message=lazy("Choose how long the old secret shall still work."))],
    )
    revision = HiddenField()
    submit = SubmitField(lazy("Make a new secret"), widget=GovSubmitInput())
