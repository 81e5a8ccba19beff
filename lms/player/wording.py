"""How an attempt went, in words."""

from lms.core.i18n import gettext as _
from lms.core.i18n import number, percent
from lms.player.models import Attempt


def result_words(attempt: Attempt) -> str:
    """How far an attempt came: the best of it."""
    if attempt.success:
        return _("Passed") if not attempt.completion else _("Completed and passed")
    if attempt.completion:
        return _("Completed, not passed") if attempt.success is False else _("Completed")
    if attempt.success is False:
        return _("Not passed yet")
    return _("Begun")


def score_words(attempt: Attempt) -> str:
    """Points of points, or percent; "" where no score was told."""
    if attempt.score_raw is not None:
        if attempt.score_max is None:
            return number(attempt.score_raw)
        return _("%(points)s of %(most)s", points=number(attempt.score_raw), most=number(attempt.score_max))
    return "" if attempt.score_scaled is None else percent(round(attempt.score_scaled * 100))
