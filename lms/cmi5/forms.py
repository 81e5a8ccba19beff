"""The form with which an administrator lets a learner off a lesson."""

from collections.abc import Sequence

from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovSubmitInput, GovTextInput
from wtforms import HiddenField, SelectField, StringField, SubmitField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from lms.catalogue.models import Lesson
from lms.cmi5.words import REASONS
from lms.core.errors import NotFound
from lms.core.i18n import lazy, words_of
from lms.core.web import session
from lms.core.web.forms import PageForm
from lms.people.models import Person
from lms.people.queries import person_of_code


class WaiveForm(PageForm):
    """Whom, which lesson, why. `sure` is filled by the page that asks once more."""

    code = StringField(
        lazy("Code of the learner"),
        widget=GovTextInput(),
        validators=[InputRequired(message=lazy("Type the code of the learner."))],
    )
    lesson = SelectField(lazy("Lesson"), widget=GovSelect())
    reason = SelectField(
        lazy("Why?"),
        widget=GovSelect(),
        choices=[SelectChoice(reason.value, words) for reason, words in REASONS.items()],
    )
    sure = HiddenField()
    submit = SubmitField(lazy("Continue"), widget=GovSubmitInput())

    person: Person | None = None

    def offer(self, lessons: Sequence[Lesson]) -> None:
        self.lesson.choices = [SelectChoice(lesson.key, lesson.title) for lesson in lessons]

    def validate_code(self, field: StringField) -> None:
        try:
            self.person = person_of_code(session(), (field.data or "").strip())
        except NotFound as refusal:
            raise ValidationError(words_of(refusal)) from refusal
