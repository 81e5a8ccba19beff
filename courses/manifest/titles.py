"""Titles as plain text: formatting that tools leave in them falls away, programs in them are refused."""

import html
import re

from courses.errors import Refused
from courses.manifest.xml import Element, descendants, text

_SHOWN = 100
_FORMATTING = re.compile(
    r"</?(?:b|i|u|s|em|strong|span|font|p|div|br|sub|sup|small|big|center|strike|mark|code|h[1-6])"
    r"(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
_ACTING_NAMES = ("script", "iframe", "object", "embed", "svg")
_ACTING = re.compile(
    rf"<\s*/?\s*(?:{'|'.join(_ACTING_NAMES)})\b|<[a-z][^<>]{{0,500}}?(?:\son[a-z]+\s*=|javascript:|vbscript:)",
    re.IGNORECASE,
)
_PAGE_TITLE = re.compile(rb"<title\b[^<>]{0,200}>([^<]{1,300})</title", re.IGNORECASE)
# Left by tools that escape what was escaped already; what would make a tag stays as it is.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_OF_TAGS = frozenset("<>")
# Controls, and marks that turn the direction of writing, for all that stands behind them too.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def title_of(element: Element | None) -> str:
    """The text of a title as one line; refuses one that holds a program."""
    if element is None:
        return ""
    written = text(element)
    if _ACTING.search(written) or next(descendants(element, *_ACTING_NAMES), None) is not None:
        raise Refused(
            "The title “%(title)s” holds a program. Write titles as plain text.", title=written[:_SHOWN]
        )
    return plain(written)


def title_of_page(page: bytes) -> str:
    """What a page calls itself; "" where that is not told, or holds a program."""
    match = _PAGE_TITLE.search(page)
    raw = match.group(1) if match else b""
    try:
        written = html.unescape(raw.decode())
    except UnicodeDecodeError:
        written = html.unescape(raw.decode("cp1252", errors="replace"))
    return "" if _ACTING.search(written) or not written.strip() else plain(written)


def plain(written: str) -> str:
    """Words without formatting, on one line; what is nothing but markup stands as it is."""
    bare = _UNSEEN.sub("", _ENTITY.sub(_unescaped, _FORMATTING.sub(" ", written)))
    return " ".join(bare.split()) or " ".join(_UNSEEN.sub("", written).split())


def _unescaped(match: re.Match[str]) -> str:
    found = html.unescape(match.group())
    return match.group() if found in _OF_TAGS else found
