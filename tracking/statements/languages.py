"""Which language a client wants of a language map (RFC 9110, 12.5.4; matching as RFC 4647, 3.4, looks up)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

UNDETERMINED = "und"
_LONGEST = 1000  # characters of the header that are looked at
_MOST = 20  # languages


@lru_cache(maxsize=256)
def wishes(header: str) -> tuple[str, ...]:
    """The languages of an Accept-Language header, dearest first, in lower case; nonsense is skipped."""
    weighed = [_weighed(part) for part in header[:_LONGEST].split(",")[:_MOST]]
    wanted = [(weight, tag) for tag, weight in weighed if tag and weight > 0]
    ordered = sorted(wanted, key=lambda wish: -wish[0])
    return tuple(dict.fromkeys(tag for _, tag in ordered))


def _weighed(part: str) -> tuple[str, float]:
    tag, _, parameters = part.partition(";")
    name, _, value = parameters.partition("=")
    if name.strip().lower() != "q":
        return tag.strip().lower(), 1.0
    try:
        return tag.strip().lower(), min(float(value), 1.0)
    except ValueError:
        return "", 0.0


def chosen(texts: Mapping[str, str], wanted: Sequence[str]) -> str:
    """The key of the one entry to show, of a map with at least one.

    For each wish in turn: the tag itself, a longer one that begins with it (vi-VN for vi), then shorter ones
    (zh-Hant and zh for zh-Hant-TW). Then, for each wish, any entry of its language (en-US for en-GB). Where
    nobody's wish is met: an entry of no language, or else the first.
    """
    keys = {key.lower(): key for key in reversed(list(texts))}
    wishes_met = wanted[: wanted.index("*")] if "*" in wanted else wanted
    for matching in (_nearest, _same_language):
        for wish in wishes_met:
            found = matching(keys, wish)
            if found is not None:
                return keys[found]
    return keys.get(UNDETERMINED) or next(iter(texts))


def _nearest(keys: Mapping[str, str], wish: str) -> str | None:
    if wish in keys:
        return wish
    return _beginning(keys, wish) or _shorter(keys, wish)


def _shorter(keys: Mapping[str, str], wish: str) -> str | None:
    subtags = wish.split("-")[:-1]
    while subtags:
        # A single letter only introduces what follows it (RFC 4647, 3.4).
        if len(subtags[-1]) > 1 and "-".join(subtags) in keys:
            return "-".join(subtags)
        subtags.pop()
    return None


def _same_language(keys: Mapping[str, str], wish: str) -> str | None:
    return _beginning(keys, wish.split("-", maxsplit=1)[0])


def _beginning(keys: Mapping[str, str], tag: str) -> str | None:
    """The first key, in the map's own order, that begins with the subtags of this tag."""
    return next((key for key in reversed(list(keys)) if key.startswith(f"{tag}-")), None)
