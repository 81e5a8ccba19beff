"""What the pages of this room say in sentences."""

from collections.abc import Mapping
from typing import Any

from lms.core.i18n import current_locale, duration, number
from lms.core.i18n import gettext as _
from lms.player.traces import Doubt, DoubtKind

_SHOWN = 4000  # bytes


def answer_words(answer: str) -> str:
    """How a commit was answered."""
    words = {
        "saved": _("Saved"),
        "known": _("Was here before"),
        "superseded": _("Saved; the lesson was opened elsewhere meanwhile"),
        "ended": _("Too late: the session had ended"),
        "refused": _("Refused: not understood"),
    }
    return words.get(answer, answer)


def outcome_words(outcome: str) -> str:
    """What became of a request that a cmi5 lesson's device delivered late."""
    words = {
        "taken": _("Saved"),
        "refused": _("Not taken"),
        "overtaken": _("Not taken; another device wrote it later"),
    }
    return words.get(outcome, outcome)


def sent_words(content: bytes | None) -> str:
    """What was sent and not taken, as far as it can be read and a page can show it."""
    return (content or b"")[:_SHOWN].decode(errors="replace")


def reason(doubt: Doubt) -> str:
    """What is odd, in a sentence with its figures."""
    told: Mapping[str, Any] = doubt.detail
    if doubt.kind == DoubtKind.TOO_QUICK:
        return _(
            "Completed in %(time)s; the lesson takes about %(minutes)s minutes.",
            time=duration(told.get("seconds")),
            minutes=told.get("minutes"),
        )
    if doubt.kind == DoubtKind.AFTER_THE_END:
        return _(
            "The score changed after the end: from %(before)s to %(after)s. The later one was not taken over "
            "unless it is better.",
            before=_points(told.get("before")),
            after=_points(told.get("after")),
        )
    if doubt.kind == DoubtKind.MORE_THAN_PASSED:
        return _(
            "The lesson claims %(told)s of learning, while only %(passed)s went by.",
            told=duration(told.get("told")),
            passed=duration(told.get("passed")),
        )
    if doubt.kind == DoubtKind.SCORE_OUT_OF_RANGE:
        return _(
            "A score of %(score)s, which lies outside of %(low)s to %(high)s.",
            score=_points(told.get("score")),
            low=_points(told.get("min")),
            high=_points(told.get("max")),
        )
    if doubt.kind == DoubtKind.LEFT_OUT:
        sent = "; ".join(f"{name} = {value}" for name, value in dict(told.get("elements", {})).items())
        return _("The lesson sent what SCORM does not allow. It was left out: %(sent)s.", sent=sent)
    return _(
        "Completed although %(untouched)s of %(parts)s parts were never opened.",
        untouched=told.get("untouched"),
        parts=told.get("parts"),
    )


def verb_words(display: Mapping[str, str]) -> str:
    return display.get(current_locale()) or display.get("vi") or next(iter(display.values()), "")


def _points(value: float | None) -> str:
    return "–" if value is None else number(value)
