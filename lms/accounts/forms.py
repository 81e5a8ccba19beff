"""The forms of sign-in."""

from govuk_frontend_wtf.wtforms_widgets import GovPasswordInput, GovSubmitInput, GovTextInput
from wtforms import HiddenField, PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from lms.accounts.passwords import LEAST, MOST
from lms.core.i18n import lazy
from lms.core.web.forms import PageForm


def _needed(what: str) -> InputRequired:
    return InputRequired(message=lazy(what))


def _long_enough() -> Length:
    return Length(min=LEAST, max=MOST, message=lazy("The password must have at least 8 characters."))


class SignInForm(PageForm):
    """User name and password."""

    username = StringField(
        lazy("User name"), widget=GovTextInput(), validators=[_needed("Type your user name.")]
    )
    password = PasswordField(
        lazy("Password"), widget=GovPasswordInput(), validators=[_needed("Type your password.")]
    )
    next = HiddenField()
    submit = SubmitField(lazy("Sign in"), widget=GovSubmitInput())


class CodeForm(PageForm):
    """The one-time code on the slip of paper."""

    code = StringField(
        lazy("Your code"),
        widget=GovTextInput(),
        description=lazy("It is on the slip that your commune gave you, for example K7QMX-2XPDH."),
        validators=[_needed("Type the code from your slip.")],
    )
    submit = SubmitField(lazy("Continue"), widget=GovSubmitInput())


class NewAccountForm(PageForm):
    """Choosing a user name and a password."""

    username = StringField(
        lazy("User name"),
        widget=GovTextInput(),
        description=lazy("Keep this one, or choose one that you remember more easily."),
        validators=[_needed("Choose a user name.")],
    )
    password = PasswordField(
        lazy("New password"),
        widget=GovPasswordInput(),
        description=lazy("At least 8 characters. Three short words are easy to remember."),
        validators=[_needed("Choose a password."), _long_enough()],
    )
    submit = SubmitField(lazy("Create my account"), widget=GovSubmitInput())


class NewPasswordForm(PageForm):
    """Choosing a new password with a code."""

    password = PasswordField(
        lazy("New password"),
        widget=GovPasswordInput(),
        description=lazy("At least 8 characters. Three short words are easy to remember."),
        validators=[_needed("Choose a password."), _long_enough()],
    )
    submit = SubmitField(lazy("Save the new password"), widget=GovSubmitInput())


class PasswordForm(PageForm):
    """Changing the password."""

    old = PasswordField(
        lazy("Present password"),
        widget=GovPasswordInput(),
        validators=[_needed("Type your present password.")],
    )
    new = PasswordField(
        lazy("New password"),
        widget=GovPasswordInput(),
        description=lazy("At least 8 characters. Three short words are easy to remember."),
        validators=[_needed("Choose a password."), _long_enough()],
    )
    again = PasswordField(
        lazy("New password once more"),
        widget=GovPasswordInput(),
        validators=[EqualTo("new", message=lazy("The two new passwords differ. Type them again."))],
    )
    submit = SubmitField(lazy("Change password"), widget=GovSubmitInput())
