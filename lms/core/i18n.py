"""Language: messages through gettext, and dates and numbers as they are written in Vietnam.

Messages are English msgids with a complete Vietnamese catalogue. Nothing here needs a web request: pages,
commands and jobs all set the language with `using`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from lms.core.clock import local

LOCALES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT_LOCALE = "vi"
CATALOGUES = Path(__file__).parent.parent / "translations"

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


def current_locale() -> str:
    return _locale.get()


@contextmanager
def using(locale: str) -> Iterator[None]:
    """Speak `locale` inside the block."""
    token = _locale.set(locale if locale in LOCALES else DEFAULT_LOCALE)
    try:
        yield
    finally:
        _locale.reset(token)


@cache
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(str(CATALOGUES), [locale])


def gettext(msgid: str, **params: Any) -> str:
    """The message in the current language, its `%(name)s` places filled."""
    text: str = _catalogue(_locale.get()).gettext(msgid) if msgid else ""
    return text % params if params else text


def ngettext(singular: str, plural: str, n: int, **params: Any) -> str:
    text: str = _catalogue(_locale.get()).ngettext(singular, plural, n)
    return str(text) % {"n": number(n), "num": n, **params}


class Message:
    """A message that is put into words only when it is shown, in the language of that moment."""

    def __init__(self, msgid: str, **params: Any) -> None:
        self.msgid = msgid
        self.params = params

    def __str__(self) -> str:
        return gettext(self.msgid, **self.params)

    def __repr__(self) -> str:
        return f"Message({self.msgid!r})"

    def __mod__(self, params: object) -> str:
        return str(self) % params

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.msgid, self.params) == (other.msgid, other.params)

    def __hash__(self) -> int:
        return hash(self.msgid)


lazy = Message
_ = gettext


def words_of(refusal: Any) -> str:
    """The sentence of a refusal (its `message` and `params`) in the current language."""
    return gettext(refusal.message, **refusal.params)


def number(value: float, decimals: int | None = None) -> str:
    """1234567.5 as `1.234.567,5` (vi) or `1,234,567.5` (en)."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "" if decimals == 0 else ".###")
    return str(format_decimal(value, format=pattern, locale=_locale.get()))


def percent(value: float | None) -> str:
    """A percentage 0 to 100: `69,6%`, `100%`; a dash where there is none."""
    if value is None:
        return "–"
    return number(value, 0 if float(value).is_integer() else 1) + "%"


def show_date(value: date | datetime | None) -> str:
    """dd/MM/yyyy, set explicitly: the locale's own short form gives 5/1/26."""
    if value is None:
        return ""
    day = local(value) if isinstance(value, datetime) else value
    return f"{day:%d/%m/%Y}"


def show_datetime(value: datetime | None) -> str:
    """HH:mm dd/MM/yyyy on the clock in Hải Phòng."""
    return f"{local(value):%H:%M %d/%m/%Y}" if value else ""


def megabytes(count: int) -> str:
    """A number of bytes as `0,1 MB`, `12 MB`: never less than a tenth, whole from ten on."""
    size = max(count / 1_000_000, 0.1)
    return f"{number(size, 1 if size < 10 else 0)} MB"  # noqa: PLR2004


def duration(seconds: float | None) -> str:
    """A length of time in words: `45 giây`, `6 phút`, `1 giờ 5 phút`."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004
        return ngettext("%(n)s second", "%(n)s seconds", whole)
    hours, minutes = divmod(whole // 60, 60)
    parts = [ngettext("%(n)s hour", "%(n)s hours", hours)] if hours else []
    if minutes or not hours:
        parts.append(ngettext("%(n)s minute", "%(n)s minutes", minutes))
    return " ".join(parts)
