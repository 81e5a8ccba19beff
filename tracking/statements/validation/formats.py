"""Checks of single values: strings of a form, numbers, booleans."""

import re
from math import isfinite
from typing import Any

from tracking.statements.validation import times
from tracking.statements.validation.faults import Invalid
from tracking.statements.validation.languages import is_tag
from tracking.statements.validation.numbers import Long
from tracking.statements.validation.walking import Check

# What repeats from statement to statement is remembered, unless it is so long that remembering would cost.
REMEMBERED = 4096
LONGEST_REMEMBERED = 300

# Levels of objects and arrays within one extension.
DEEPEST = 100
_CONTAINERS = (dict, list)

# RFC 3987: a scheme, then no blank, control character or delimiter, percent signs only in escapes, one
# fragment at most; http and https also need a host.
_PLAIN = r"[^\s\x00-\x20\x7f-\x9f<>\"{}|\\^`%#]"
_IRI = re.compile(
    r"(?!(?i:https?):(?!//[^/?#]))"
    r"[A-Za-z][A-Za-z0-9+.\-]*:"
    rf"(?:{_PLAIN}++|%[0-9A-Fa-f]{{2}})++(?:\#(?:{_PLAIN}++|%[0-9A-Fa-f]{{2}})*+)?"
)
_ADDRESS_PART = r"[^\s\x00-\x20\x7f-\x9f@<>()\[\],;:\\\"?#]+"
_MAILTO = re.compile(rf"mailto:{_ADDRESS_PART}@{_ADDRESS_PART}")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}")
_SHA1 = re.compile(r"[0-9A-Fa-f]{40}")
# SHA-224, 256, 384 and 512 in hexadecimal.
_SHA2 = re.compile(r"[0-9A-Fa-f]{56}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128}")
_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+"  # noqa: S105  (RFC 9110's word for a name, no password)
_MEDIA_TYPE = re.compile(rf'{_TOKEN}/{_TOKEN}(?:\s*;\s*{_TOKEN}\s*=\s*(?:{_TOKEN}|"[^"\x00-\x1f]*"))*\s*;?')

_known_iris: set[str] = set()


def is_iri(text: str) -> bool:
    """Tell whether a string is an absolute IRI with a scheme (Data 2.2.s4.b1.b8, 4.3)."""
    if text in _known_iris:
        return True
    if _IRI.fullmatch(text) is None:
        return False
    if len(text) <= LONGEST_REMEMBERED:
        if len(_known_iris) >= REMEMBERED:
            _known_iris.clear()
        _known_iris.add(text)
    return True


def iri(value: Any) -> None:
    if type(value) is not str or (value not in _known_iris and not is_iri(value)):
        raise Invalid("%(path)s: not an IRI with a scheme")


def uri(value: Any) -> None:
    if type(value) is not str or not (value.isascii() and is_iri(value)):
        raise Invalid("%(path)s: not a URI with a scheme")


def string(value: Any) -> None:
    if type(value) is not str:
        raise Invalid("%(path)s: must be a string")


def boolean(value: Any) -> None:
    if value is not True and value is not False:
        raise Invalid("%(path)s: must be true or false, without quotation marks")


def number(value: Any) -> None:
    kind = type(value)
    if kind is not int and (kind is not float or not isfinite(value)) and kind is not Long:
        raise Invalid("%(path)s: must be a number, without quotation marks")


def length(value: Any) -> None:
    if type(value) is not int or value < 0:
        raise Invalid("%(path)s: must be a whole number of octets")


def language(value: Any) -> None:
    if type(value) is not str or not is_tag(value):
        raise Invalid("%(path)s: not a language tag of RFC 5646")


def language_map(value: Any) -> None:
    """Data 4.2: language tags to strings."""
    if type(value) is not dict:
        raise Invalid("%(path)s: must be a map of language tags to strings")
    for tag, text in value.items():
        if not is_tag(tag):
            raise Invalid("%(path)s: not a language tag of RFC 5646").enter(tag)
        if type(text) is not str:
            raise Invalid("%(path)s: must be a string").enter(tag)


def extensions(value: Any) -> None:
    """Data 4.1: the keys are IRIs; the values are free, null included, but not endlessly deep."""
    if type(value) is not dict:
        raise Invalid("%(path)s: must be an object")
    for key, item in value.items():
        if key not in _known_iris and not is_iri(key):
            raise Invalid("%(path)s: the key of an extension must be an IRI with a scheme").enter(key)
        if type(item) in _CONTAINERS and _deeper(item, DEEPEST):
            raise Invalid("%(path)s: nested more than %(deepest)s deep", deepest=DEEPEST).enter(key)


def _deeper(value: Any, levels: int) -> bool:
    """Tell whether an object or array nests more than so many levels, itself included."""
    if not levels:
        return True
    items = value.values() if type(value) is dict else value
    return any(_deeper(item, levels - 1) for item in items if type(item) in _CONTAINERS)


def of_form(pattern: re.Pattern[str], message: str) -> Check:
    """A check that its value is a string which the pattern matches as a whole."""
    matches = pattern.fullmatch

    def form(value: Any) -> None:
        if type(value) is not str or matches(value) is None:
            raise Invalid(message)

    return form


def one_of(*values: str) -> Check:
    """A check that its value is one of these strings, in this case."""
    allowed = frozenset(values)
    listed = ", ".join(values)

    def member(value: Any) -> None:
        if type(value) is not str or value not in allowed:
            raise Invalid("%(path)s: must be %(allowed)s (upper and lower case matter)", allowed=listed)

    return member


def duration(value: Any) -> None:
    if type(value) is not str or not times.is_duration(value):
        raise Invalid("%(path)s: not a duration of ISO 8601, such as PT1H30M or P4W")


def rfc_timestamp(value: Any) -> None:
    if type(value) is not str or not times.is_rfc_timestamp(value):
        raise Invalid("%(path)s: not a timestamp of RFC 3339, such as 2026-01-31T08:00:00+07:00")


def iso_timestamp(value: Any) -> None:
    if type(value) is not str or not times.is_iso_timestamp(value):
        raise Invalid("%(path)s: not a timestamp of ISO 8601, such as 2026-01-31T08:00:00+07:00")


uuid = of_form(_UUID, "%(path)s: not a UUID")  # of any variant (Data 4.4)
mailto = of_form(_MAILTO, "%(path)s: not a mailto IRI")
sha1 = of_form(_SHA1, "%(path)s: not a SHA-1 hash of 40 hexadecimal digits")
sha2 = of_form(_SHA2, "%(path)s: not a SHA-2 hash in hexadecimal digits")
media_type = of_form(_MEDIA_TYPE, "%(path)s: not an Internet media type, such as text/plain")
