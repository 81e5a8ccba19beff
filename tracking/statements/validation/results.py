"""Results and scores (Data 2.4.5)."""

from typing import Any

from tracking.statements.validation.faults import Invalid
from tracking.statements.validation.formats import boolean, duration, extensions, number, string
from tracking.statements.validation.numbers import Long, quantity
from tracking.statements.validation.walking import Table, walk


def _scaled(value: Any) -> None:
    number(value)
    if type(value) is Long or not -1 <= value <= 1:
        raise Invalid("%(path)s: must lie between -1 and 1")


_SCORE = Table(scaled=_scaled, raw=number, min=number, max=number)


def score(value: Any) -> None:
    """Scaled within -1 and 1, min below max, raw between them (Data 2.4.5.1)."""
    walk(value, _SCORE)
    try:
        _in_order(value)
    except TypeError:  # what is kept as digits is not compared
        _in_order({name: quantity(number) for name, number in value.items()})


def _in_order(value: dict[str, Any]) -> None:
    least, raw, most = value.get("min"), value.get("raw"), value.get("max")
    if least is not None and most is not None and least >= most:
        raise Invalid("%(path)s: must be less than max", "min")
    if raw is None:
        return
    if (least is not None and raw < least) or (most is not None and raw > most):
        raise Invalid("%(path)s: must lie between min and max", "raw")


_RESULT = Table(
    score=score,
    success=boolean,
    completion=boolean,
    response=string,
    duration=duration,
    extensions=extensions,
)


def result(value: Any) -> None:
    walk(value, _RESULT)
