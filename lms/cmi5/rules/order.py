"""In which order a unit speaks (cmi5 sections 9.3 and 10): by timestamps, and each verb once."""

from datetime import datetime, timedelta

from lms.cmi5.models import Mode
from lms.cmi5.rules.standing import ALSO_UNJUDGED, Broken, Standing

# Programs that write whole seconds in one place and thousandths in another are no liars.
SLACK = timedelta(seconds=1)
_THIS_MOMENT = timedelta(minutes=2)
_JUDGED = {"passed", "failed"}


def check(standing: Standing, verb: str, at: datetime) -> None:
    """Whether this verb may be said now. Raises Broken."""
    if standing.mode is not Mode.NORMAL and verb not in ALSO_UNJUDGED:
        raise Broken(
            "The lesson was opened to be looked at (%(mode)s): it may say initialized and terminated, and "
            "nothing about a result (cmi5, 10).",
            mode=standing.mode.value,
        )
    if verb in standing.said:
        raise Broken("A session says “%(verb)s” only once (cmi5, 9.3).", verb=verb)
    if verb in _JUDGED and standing.said & _JUDGED:
        raise Broken("A session says passed or failed, one of them and once (cmi5, 9.3).")
    if verb == "completed" and standing.completed:
        raise Broken("The lesson was completed in this registration before (cmi5, 9.3).")
    if verb in _JUDGED and standing.passed and not _came_before(standing, verb, at):
        raise Broken("The lesson was passed in this registration before (cmi5, 9.3).")


def _came_before(standing: Standing, verb: str, at: datetime) -> bool:
    """Whether it was failed on one device before it was passed on another, and only comes later."""
    return verb == "failed" and standing.passed_at is not None and at < standing.passed_at


def follow(standing: Standing, verb: str, at: datetime) -> None:
    """Bring the standing to where it is after a statement; `verb` is "" for one that is not cmi5's own."""
    if standing.ended:
        raise Broken("The session has ended. Open the lesson again (cmi5, 9.3.6 and 9.3.8).")
    if standing.begun is None:
        _begin(standing, verb, at)
    elif _is_before(at, standing.begun, standing.now):
        raise Broken("“Initialized” is the first statement of a session, by its timestamp too (cmi5, 9.3).")
    if verb == "terminated" and standing.latest and _is_before(at, standing.latest, standing.now):
        raise Broken("“Terminated” is the last statement of a session, by its timestamp too (cmi5, 9.3).")
    standing.latest = at if standing.latest is None else max(at, standing.latest)
    if verb:
        standing.said.add(verb)
    standing.completed |= verb == "completed"
    standing.passed |= verb == "passed"
    standing.ended = verb == "terminated"


def _is_before(at: datetime, other: datetime, now: datetime | None) -> bool:
    """Whether it is earlier than what came before; not where it is told by the right clock.

    Phones put their clocks right in the middle of a lesson. What happens at this moment is not before
    anything, and the learner must not lose it.
    """
    return at < other - SLACK and (now is None or abs(at - now) > _THIS_MOMENT)


def _begin(standing: Standing, verb: str, at: datetime) -> None:
    if verb != "initialized":
        raise Broken("The first statement of a session is “initialized” (cmi5, 7.1.1).")
    if not standing.prepared:
        raise Broken(
            "A lesson asks for the learner's preferences (agent profile cmi5LearnerPreferences) before it "
            "says “initialized” (cmi5, 11)."
        )
    standing.begun = at
