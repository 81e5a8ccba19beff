"""Where a session is, as far as the next statement is concerned."""

from dataclasses import dataclass, field
from datetime import datetime

from lms.cmi5.models import Mode
from lms.core.errors import Forbidden

DEFINED = frozenset({"initialized", "completed", "passed", "failed", "terminated"})
ALSO_UNJUDGED = frozenset({"initialized", "terminated"})


class Broken(Forbidden):
    """A statement conflicts with the specification, and is refused (section 6.3)."""


@dataclass
class Standing:
    """`session` is its id, `publisher` the unit's id in its course structure, `activity` ours for it.

    `said` are the verbs (last words) of this session; `completed` and `passed` whether the registration has
    such a statement of this unit. `begun` and `latest` are the timestamps of the first statement and of the
    newest one. `prepared`: whether the unit has asked for the learner's preferences. `now` is our own time,
    or of what is delivered late the time at which it was made; then `passed_at` is when another passed.
    """

    session: str
    activity: str
    publisher: str
    mode: Mode
    mastery: float | None
    prepared: bool
    now: datetime | None = None
    ended: bool = False
    begun: datetime | None = None
    latest: datetime | None = None
    said: set[str] = field(default_factory=set)
    completed: bool = False
    passed: bool = False
    passed_at: datetime | None = None
