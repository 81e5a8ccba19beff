"""Who learns: the person who is signed in, else a guest with a random id in the cookie."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import session as cookie

from lms.accounts.access import GUEST, current_account
from lms.accounts.policy import Permission, allows
from lms.catalogue.models import Course
from lms.core.errors import NotFound
from lms.core.web import session
from lms.player.queries import has_begun


@dataclass(frozen=True)
class Visitor:
    learner: UUID
    is_guest: bool


def visitor() -> Visitor | None:
    """Whoever learns here; None for a guest who has not begun anything."""
    account = current_account()
    if account is not None and account.person is not None:
        return Visitor(account.person, is_guest=False)
    guest = guest_id()
    return Visitor(guest, is_guest=True) if guest else None


def learner_id() -> UUID | None:
    found = visitor()
    return found.learner if found else None


def some_visitor() -> Visitor:
    """Whoever learns here; somebody new becomes a guest."""
    found = visitor()
    if found is None:
        found = Visitor(uuid4(), is_guest=True)
        cookie[GUEST] = str(found.learner)
        cookie.permanent = True
    return found


def guest_id() -> UUID | None:
    """Under which id lessons were tried on this phone, if any were."""
    stored = cookie.get(GUEST)
    return UUID(stored) if stored else None


def forget_guest() -> None:
    cookie.pop(GUEST, None)


def demand_visible(course: Course) -> None:
    """Raises NotFound for a course that is not on the lists; authors and those in the middle may see it."""
    if course.published or allows(current_account(), Permission.AUTHOR_COURSES):
        return
    learner = learner_id()
    if learner is None or not has_begun(session(), learner, course):
        raise NotFound("This course is not on offer. Choose one from the list of lessons.")
