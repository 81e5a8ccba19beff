"""cmi5's reasons for letting a learner off a unit, in words for people."""

from lms.cmi5.services.waiving import Reason
from lms.core.i18n import lazy

REASONS = {
    Reason.ADMINISTRATIVE: lazy("Decided by an administrator"),
    Reason.TESTED_OUT: lazy("Passed a test instead"),
    Reason.EQUIVALENT: lazy("Completed an equal lesson of this course"),
    Reason.OUTSIDE: lazy("Completed something equal elsewhere"),
}
