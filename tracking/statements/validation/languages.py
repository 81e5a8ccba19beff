"""Language tags (RFC 5646, section 2.1)."""

import re

LONGEST = 100
REMEMBERED = 1024
_SHORTEST_VARIANT = 4

_TAG = re.compile(
    r"""
    (?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})     # language, with extended language
    (?:-[a-z]{4})?                                  # script
    (?:-(?:[a-z]{2}|[0-9]{3}))?                     # region
    (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*        # variants
    (?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*             # extensions
    (?:-x(?:-[a-z0-9]{1,8})+)?                      # private use
    |x(?:-[a-z0-9]{1,8})+
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
# Registered before there was a grammar, and outside it.
_IRREGULAR = frozenset(
    (
        *("en-gb-oed", "sgn-be-fr", "sgn-be-nl", "sgn-ch-de", "i-ami", "i-bnn", "i-default", "i-enochian"),
        *("i-hak", "i-klingon", "i-lux", "i-mingo", "i-navajo", "i-pwn", "i-tao", "i-tay", "i-tsu"),
    )
)

# Tags repeat from statement to statement.
_known: set[str] = set()


def is_tag(text: str) -> bool:
    """Tell whether a string is a well-formed tag without a repeated variant or extension."""
    if text in _known:
        return True
    if len(text) > LONGEST or not _well_formed(text):
        return False
    if len(_known) >= REMEMBERED:
        _known.clear()
    _known.add(text)
    return True


def _well_formed(text: str) -> bool:
    if _TAG.fullmatch(text) is None:
        return text.lower() in _IRREGULAR
    return not _repeats(text.lower().split("-"))


def _repeats(subtags: list[str]) -> bool:
    """Section 2.2.5 and 2.2.6: no variant twice, no extension twice; private use is free."""
    seen: set[str] = set()
    for subtag in subtags[1:] if subtags[0] != "x" else ():
        if subtag == "x":
            break
        if len(subtag) == 1 or (len(subtag) >= _SHORTEST_VARIANT and not any(len(s) == 1 for s in seen)):
            if subtag in seen:
                return True
            seen.add(subtag)
    return False
