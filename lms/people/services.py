"""Changing one person, moving them, letting them go, and handing out slips for the first sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lms.accounts.models import Account, SignInCode
from lms.accounts.services import issue_code, issue_reset_code
from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.errors import Refused
from lms.core.names import fold
from lms.people.importing import change_people
from lms.people.models import Person
from lms.people.queries import timelines
from lms.units.models import Unit
from tracking.rates.services import place, remove


@dataclass(frozen=True)
class Slip:
    """What is handed to a person on paper. The code is known only now.

    `username` is that of an account whose password it sets anew; none for a first sign-in.
    """

    name: str
    unit: str
    code: str
    username: str | None = None


def change_person(
    session: Session, person: Person, values: dict[str, Any], *, home_page: str, actor: int | None
) -> bool:
    """Set name and contact data (None empties); whether anything changed."""
    changes = {name: value for name, value in values.items() if getattr(person, name) != value}
    if not changes:
        return False
    change_people(session, [(person, changes)], home_page)
    session.refresh(person)
    log(session, Act.PERSON_CHANGED, actor=actor, subject=str(person.id), columns=sorted(changes))
    return True


def move_person(
    session: Session,
    person: Person,
    unit: Unit,
    *,
    since: date,
    actor: int | None,
    audience: str | None = None,
) -> bool:
    """Count the person in `unit` from `since` on, as the same audience unless another is named.

    Whether anything changed. Raises tracking's Refused for a date before an earlier membership.
    """
    stays = timelines(session, [person.id]).get(person.id, ())
    if audience is None and not stays:
        raise Refused("This person is counted nowhere yet. Say as whom: officer or citizen.")
    moved = place(session, person.id, unit.id, audience or stays[-1].audience, since)
    if moved:
        log(session, Act.PERSON_MOVED, actor=actor, subject=str(person.id), unit=unit.code, since=str(since))
    return moved


def let_go(session: Session, person: Person, *, until: date, actor: int | None) -> None:
    """Count the person nowhere from `until` on. Raises tracking's Refused for a date before they came."""
    if remove(session, person.id, until):
        log(session, Act.PERSON_LEFT, actor=actor, subject=str(person.id), until=str(until))


def issue_slips(
    session: Session, people: Sequence[tuple[Person, Unit]], *, secret_key: str, actor: int | None
) -> list[Slip]:
    """A new code for each; earlier codes of theirs stop working. Raises Conflict for one with an account."""
    names = suggestions(session, [person for person, _ in people])
    return [
        Slip(
            name=person.name,
            unit=unit.name,
            code=issue_code(
                session,
                person=person.id,
                name=person.name,
                suggestion=names[person.id],
                secret_key=secret_key,
                actor=actor,
            ),
        )
        for person, unit in people
    ]


def issue_reset_slip(
    session: Session, account: Account, unit: Unit | None, *, secret_key: str, by: Account
) -> Slip:
    """A code with which somebody who forgot their password chooses another. Raises Forbidden, Refused."""
    code = issue_reset_code(session, account, secret_key=secret_key, by=by)
    return Slip(name=account.name, unit=unit.name if unit else "", code=code, username=account.username)


def suggestions(session: Session, people: Sequence[Person]) -> dict[UUID, str]:
    """A free user name for each: the telephone number, which one knows by heart, else `annv`, `annv2`."""
    chosen: dict[UUID, str] = {}
    taken: set[str] = set()
    for person in people:
        base = _short_name(person.name)
        candidates = [person.phone] if person.phone else []
        taken |= _taken(session, [*candidates, base])
        candidates += [base, *(f"{base}{number}" for number in range(2, len(taken) + 3))]
        name = next(candidate for candidate in candidates if candidate not in taken)
        chosen[person.id] = name
        taken.add(name)
    return chosen


def _taken(session: Session, starts: Sequence[str]) -> set[str]:
    """User names and open suggestions that begin so."""
    found: set[str] = set()
    open_code = SignInCode.used.is_(None) & (SignInCode.expires > utc_now())
    for column, condition in ((Account.username, None), (SignInCode.suggestion, open_code)):
        query = select(column).where(or_(*(column.startswith(start, autoescape=True) for start in starts)))
        found.update(session.scalars(query if condition is None else query.where(condition)))
    return found


def _short_name(name: str) -> str:
    """Given name and initials, as offices write them: `annv` for Nguyễn Văn An; at least three letters."""
    words = [
        "".join(mark for mark in word if mark.isascii() and mark.isalnum()) for word in fold(name).split()
    ]
    words = [word for word in words if word] or ["nguoi"]
    return (words[-1] + "".join(word[0] for word in words[:-1])).ljust(3, "0")
