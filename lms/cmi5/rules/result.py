"""What the result of a statement of cmi5's own must say, and must not (cmi5 sections 9.3 to 9.6)."""

from typing import Any

from lms.cmi5.rules.standing import Broken
from lms.core.vocabulary import iris

_SUCCESS = {"passed": True, "failed": False}
_COMPLETION = {"completed": True}
_SCORED = frozenset({"passed", "failed"})
_TIMED = frozenset({"completed", "passed", "failed", "terminated"})
_NEAR = 1e-9
_MOST = 100


def check_result(verb: str, statement: dict[str, Any], mastery: float | None, *, moves_on: bool) -> None:
    """Raises Broken. `moves_on`: whether the statement is in the category moveon."""
    result = statement.get("result", {})
    _check_word(verb, "success", result, _SUCCESS)
    _check_word(verb, "completion", result, _COMPLETION)
    if verb in _TIMED and "duration" not in result:
        raise Broken("“%(verb)s” needs a duration in its result (cmi5, 9.5.4.1).", verb=verb)
    if "score" in result:
        _check_score(verb, result["score"])
        _check_mastery(verb, result["score"], statement["context"].get("extensions", {}), mastery)
    if moves_on != (verb in _SUCCESS or verb in _COMPLETION):
        raise Broken(
            "Completed, passed and failed are in the category moveon, others are not (cmi5, 9.6.2.2)."
        )
    _check_progress(result.get("extensions", {}).get(iris.PROGRESS))


def _check_word(verb: str, name: str, result: dict[str, Any], right: dict[str, bool]) -> None:
    if result.get(name) is not right.get(verb):
        raise Broken(
            "The %(name)s in the result of “%(verb)s” must be %(right)s (cmi5, 9.5.2 and 9.5.3).",
            name=name,
            verb=verb,
            right={True: "true", False: "false", None: "left out"}[right.get(verb)],
        )


def _check_score(verb: str, score: dict[str, Any]) -> None:
    if verb not in _SCORED:
        raise Broken("Only passed and failed have a score (cmi5, 9.5.1).")
    scaled = score.get("scaled")
    if scaled is not None and not 0 <= scaled <= 1:
        raise Broken("The scaled score must be from 0 to 1 (cmi5, 9.5.1).")
    if "raw" in score and not ("min" in score and "max" in score):
        raise Broken("A raw score needs min and max beside it (cmi5, 9.5.1).")
    if any(name in score and score[name] != int(score[name]) for name in ("raw", "min", "max")):
        raise Broken("Raw, min and max of a score are whole numbers (cmi5, 9.5.1).")


def _check_mastery(
    verb: str, score: dict[str, Any], extensions: dict[str, Any], mastery: float | None
) -> None:
    """The verdict must agree with the pass mark, and name it."""
    scaled = score.get("scaled")
    if mastery is None or scaled is None:
        return
    named = extensions.get(iris.MASTERY_SCORE)
    if isinstance(named, bool) or not isinstance(named, int | float) or abs(named - mastery) > _NEAR:
        raise Broken(
            "A verdict by score names the masteryScore %(mastery)s in its context (cmi5, 9.6.3.2).",
            mastery=f"{mastery:g}",
        )
    if (scaled >= mastery - _NEAR) is not (verb == "passed"):
        raise Broken(
            "With a scaled score of %(scaled)s and a masteryScore of %(mastery)s it cannot be “%(verb)s” "
            "(cmi5, 9.3.4 and 9.3.5).",
            scaled=f"{scaled:g}",
            mastery=f"{mastery:g}",
            verb=verb,
        )


def _check_progress(progress: Any) -> None:
    if progress is None:
        return
    whole = isinstance(progress, int) and not isinstance(progress, bool)
    if not whole or not 0 <= progress <= _MOST:
        raise Broken("Progress is a whole number from 0 to 100 (cmi5, 9.5.5.1).")
