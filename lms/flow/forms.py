"""The forms about sources and destinations."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Field,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from lms.catalogue.models import Course
from lms.core.clock import LOCAL_ZONE, read_date
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, show_date, words_of
from lms.core.web.forms import PageForm
from lms.flow.addresses import read_endpoint
from lms.flow.filters import EVERYTHING, OURS, read_agent, read_iris
from lms.flow.models import RemoteStore
from lms.flow.services.managing import EVERY, VERSIONS, Said
from lms.flow.words import every_in_words

INTERVALS = (60, 300, 900, 3600, 6 * 3600, 86400)


def _checked(read: Callable[[str], Any]) -> Callable[[Any, Field], None]:
    """A validator that says what `read` refuses, beside the field."""

    def validate(_form: Any, field: Field) -> None:
        try:
            field.reading = read(field.data or "")
        except Refused as refusal:
            raise ValidationError(words_of(refusal)) from refusal

    return validate


class RemoteForm(PageForm):
    """What both kinds have: whose record store it is, where it is, and how we get in."""

    name = StringField(
        lazy("Name of the platform"),
        widget=GovTextInput(),
        description=lazy("By which you and others will know it again, for example “One Touch”."),
        validators=[DataRequired(message=lazy("Type a name."))],
    )
    endpoint = StringField(
        lazy("Address of the record store"),
        widget=GovTextInput(),
        description=lazy("As the other platform gave it to you, for example https://lrs.example.vn/xapi/"),
        validators=[DataRequired(message=lazy("Type the address."))],
    )
    inside = BooleanField(
        lazy("It stands in our own network"),
        widget=GovCheckboxInput(),
    )
    key = StringField(
        lazy("Key (user name)"),
        widget=GovTextInput(),
        validators=[DataRequired(message=lazy("Type the key that the other platform gave you."))],
    )
    secret = PasswordField(
        lazy("Secret (password)"),
        widget=GovPasswordInput(),
        description=lazy("It is kept encrypted and never shown again."),
    )
    version = RadioField(
        lazy("Version of xAPI"),
        widget=GovRadioInput(),
        choices=[SelectChoice(version, version) for version in VERSIONS],
        default=VERSIONS[0],
        validate_choice=False,
    )
    submit = SubmitField(lazy("Save"), widget=GovSubmitInput())
    is_new = True

    def validate_secret(self, field: Field) -> None:
        if self.is_new and not field.data:
            raise ValidationError(_("Enter the secret that belongs to the key."))

    def validate_endpoint(self, field: Field) -> None:
        try:
            read_endpoint(field.data or "", inside=self.inside.data)
        except Refused as refusal:
            raise ValidationError(words_of(refusal)) from refusal

    def validate_key(self, field: Field) -> None:
        if ":" in (field.data or ""):
            raise ValidationError(_("A key has no colon. What stands behind it may be the secret."))

    def validate_version(self, field: Field) -> None:
        if field.data not in VERSIONS:
            raise ValidationError(_("Choose a version."))

    def said(self, *, every: int, filters: dict[str, Any]) -> Said:
        return Said(
            name=self.name.data or "",
            endpoint=self.endpoint.data or "",
            key=(self.key.data or "").strip(),
            secret=self.secret.data or "",
            version=self.version.data,
            inside=self.inside.data,
            every=every,
            filters={name: value for name, value in filters.items() if value},
        )


class SourceForm(RemoteForm):
    """A source: also what it is asked for, from when on, and how often."""

    every = SelectField(
        lazy("How often shall it be asked?"),
        widget=GovSelect(),
        validate_choice=False,
        default=str(EVERY),
    )
    since = StringField(
        lazy("Only what was stored there from this day on"),
        widget=GovTextInput(),
        description=lazy("For example 31/03/2026. Leave it empty for everything."),
    )
    verb = StringField(
        lazy("Only with this verb"),
        widget=GovTextInput(),
        description=lazy("Its IRI. Leave it empty for all."),
        validators=[_checked(read_iris)],
    )
    activity = StringField(
        lazy("Only about this activity"),
        widget=GovTextInput(),
        description=lazy("Its IRI. Leave it empty for all."),
        validators=[_checked(read_iris)],
    )
    agent = StringField(
        lazy("Only of this person"),
        widget=GovTextInput(),
        description=lazy("An e-mail address, or an agent as xAPI writes it. Leave it empty for all."),
        validators=[_checked(read_agent)],
    )

    def __init__(self, remote: RemoteStore | None = None, **kwargs: Any) -> None:
        super().__init__(**_kept(remote), **_kept_of_source(remote), **kwargs)
        known = {*INTERVALS, remote.every} if remote else INTERVALS
        self.every.choices = [SelectChoice(str(each), every_in_words(each)) for each in sorted(known)]

    def validate_every(self, field: Field) -> None:
        if field.data not in [str(each.value) for each in field.choices]:
            raise ValidationError(_("Choose from the list."))

    def validate_since(self, field: Field) -> None:
        field.reading = None
        if not (field.data or "").strip():
            return
        try:
            day = read_date(field.data)
        except ValueError as error:
            raise ValidationError(
                _("“%(text)s” is not a date. Type it as in 31/03/2026.", text=field.data[:40])
            ) from error
        field.reading = datetime(day.year, day.month, day.day, tzinfo=LOCAL_ZONE)

    @property
    def from_when(self) -> datetime | None:
        found: datetime | None = self.since.reading
        return found

    @property
    def words(self) -> Said:
        filters = {
            "verb": (self.verb.data or "").strip(),
            "activity": (self.activity.data or "").strip(),
            "agent": self.agent.reading,
        }
        return self.said(every=int(self.every.data), filters=filters)


class DestinationForm(RemoteForm):
    """A destination: also which statements go there."""

    origin = RadioField(
        lazy("Which statements go there?"),
        widget=GovRadioInput(),
        choices=[
            SelectChoice(EVERYTHING, lazy("All, also those that were pulled from elsewhere")),
            SelectChoice(OURS, lazy("All but those that were pulled from elsewhere")),
        ],
        default=OURS,
        validate_choice=False,
    )
    courses = SelectMultipleField(
        lazy("Only about these courses and their lessons"),
        widget=GovCheckboxesInput(),
        description=lazy("Choose none for all."),
        validate_choice=False,
    )
    activities = TextAreaField(
        lazy("Only about these activities"),
        widget=GovTextArea(),
        description=lazy("Their IRIs, one a line. Leave it empty for all."),
        validators=[_checked(read_iris)],
    )
    verbs = TextAreaField(
        lazy("Only with these verbs"),
        widget=GovTextArea(),
        description=lazy("Their IRIs, one a line. Leave it empty for all."),
        validators=[_checked(read_iris)],
    )

    def __init__(self, courses: Sequence[Course], remote: RemoteStore | None = None, **kwargs: Any) -> None:
        super().__init__(**_kept(remote), **_kept_of_destination(remote), **kwargs)
        known = {each.slug: each.title for each in courses}
        # One that is gone must be taken out by hand: without it everything would go there.
        gone = [slug for slug in (remote.filters.get("courses", []) if remote else []) if slug not in known]
        self.courses.choices = [
            SelectChoice(*each) for each in (known | dict(zip(gone, gone, strict=True))).items()
        ]

    def validate_origin(self, field: Field) -> None:
        if field.data not in (EVERYTHING, OURS):
            raise ValidationError(_("Choose from the list."))

    def validate_courses(self, field: Field) -> None:
        known = {each.value for each in field.choices}
        if not set(field.data or ()) <= known:
            raise ValidationError(_("Choose from the list."))

    @property
    def words(self) -> Said:
        filters = {
            "origin": self.origin.data,
            "courses": list(self.courses.data or ()),
            "activities": self.activities.reading,
            "verbs": self.verbs.reading,
        }
        return self.said(every=EVERY, filters=filters)


class NewDestinationForm(DestinationForm):
    """A destination that is new: from when on."""

    begin = RadioField(
        lazy("From when on?"),
        widget=GovRadioInput(),
        choices=[
            SelectChoice("now", lazy("What is stored from now on")),
            SelectChoice("beginning", lazy("Everything from the beginning")),
        ],
        default="now",
        validate_choice=False,
    )

    def validate_begin(self, field: Field) -> None:
        if field.data not in ("now", "beginning"):
            raise ValidationError(_("Choose from the list."))


class StartOver(PageForm):
    """Beside a form of something that is there already."""

    start_over = BooleanField(
        lazy("Begin again from the start"),
        widget=GovCheckboxInput(),
    )


class EditSourceForm(SourceForm, StartOver):
    """A source that is there; its secret is known."""

    is_new = False


class EditDestinationForm(DestinationForm, StartOver):
    """A destination that is there; its secret is known."""

    is_new = False


def _kept(remote: RemoteStore | None) -> dict[str, Any]:
    if remote is None:
        return {}
    names = ("name", "endpoint", "inside", "key", "version")
    return {name: getattr(remote, name) for name in names}


def _kept_of_source(remote: RemoteStore | None) -> dict[str, Any]:
    if remote is None:
        return {}
    agent = remote.filters.get("agent")
    return {
        "every": str(remote.every),
        "since": show_date(remote.since),
        "verb": remote.filters.get("verb", ""),
        "activity": remote.filters.get("activity", ""),
        "agent": orjson.dumps(agent).decode() if agent else "",
    }


def _kept_of_destination(remote: RemoteStore | None) -> dict[str, Any]:
    if remote is None:
        return {}
    return {
        "origin": remote.filters.get("origin", EVERYTHING),
        "courses": remote.filters.get("courses", []),
        "activities": "\n".join(remote.filters.get("activities", [])),
        "verbs": "\n".join(remote.filters.get("verbs", [])),
    }
