"""Finding accounts and codes."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.accounts.models import Account, SignInCode
from lms.accounts.passwords import code_digest
from lms.core.clock import utc_now
from lms.core.names import normal


def account_named(session: Session, username: str) -> Account | None:
    """User names are compared without regard to capitals and outer spaces."""
    return session.scalars(select(Account).where(Account.username == normal(username).lower())).one_or_none()


def account_of_session(session: Session, stored: str) -> Account | None:
    """The account that a session cookie names, unless the session was ended since."""
    account_id, _, epoch = stored.partition(".")
    if not account_id.isdigit():
        return None
    account = session.get(Account, int(account_id))
    return account if account and account.active and str(account.epoch) == epoch else None


def accounts_of_people(session: Session, people: Collection[UUID]) -> list[Account]:
    """The accounts of several records of one person, the oldest first."""
    wanted = select(Account).where(Account.person.in_(people)).order_by(Account.id)
    return list(session.scalars(wanted))


def account_of_person(session: Session, person: UUID) -> Account | None:
    return session.scalars(select(Account).where(Account.person == person)).one_or_none()


def open_code(session: Session, code: str, secret_key: str) -> SignInCode | None:
    """The code, while it is neither used nor expired.

    A code for a new password ends also when its account is closed or has got another role: whoever issued it
    may not be allowed to help that one.
    """
    found = session.get(SignInCode, code_digest(code, secret_key))
    if found is None or found.used is not None or found.expires <= utc_now():
        return None
    return found if found.account_id is None or _resets(session, found) else None


def _resets(session: Session, code: SignInCode) -> bool:
    account = session.get_one(Account, code.account_id)
    return account.active and all(grant.granted <= code.created for grant in account.grants)
