"""What every form of a page is made from."""

from typing import Any

from flask_wtf import FlaskForm

from lms.core.i18n import gettext, lazy

# What WTForms says by itself: of an entry that a list does not have, and of letters where a number belongs.
SAID_BY_WTFORMS = (lazy("Not a valid choice."), lazy("Not a valid integer value."))


class _Words:
    """Our catalogue, as WTForms asks for it: it fills the places itself."""

    def gettext(self, string: str) -> str:
        return gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return gettext(singular if n == 1 else plural)


class PageForm(FlaskForm):
    """A form that speaks the visitor's language also where a field has no message of its own."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> _Words:
            return _Words()
