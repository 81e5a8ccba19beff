"""What several statements say about one activity, put together."""

from typing import Any

_MAPS = ("name", "description", "extensions")  # merged entry by entry; everything else is replaced whole


def merged(known: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """`known` with what `said` adds or changes; languages that `said` does not mention stay."""
    result = {**known, **said}
    for name in _MAPS:
        if isinstance(known.get(name), dict) and isinstance(said.get(name), dict):
            result[name] = {**known[name], **said[name]}
    return result
