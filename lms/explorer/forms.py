"""The form with which a statement is taken back."""

from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.i18n import lazy
from lms.core.vocabulary.document import LONGEST_REASON
from lms.core.web.forms import PageForm


class TakeBackForm(PageForm):
    """Why."""

    reason = TextAreaField(
        lazy("Why is it taken back?"),
        widget=GovTextArea(),
        description=lazy("It is kept in the record for ever. Name nobody but by their code."),
        validators=[
            DataRequired(message=lazy("Say why: whoever looks at the statement later will ask.")),
            Length(max=LONGEST_REASON, message=lazy("At most 1,000 characters.")),
        ],
    )
