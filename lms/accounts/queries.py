"""Finding accounts and codes."""

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


def account_of_person(session: Session, person: UUID) -> Account | None:
    return session.scalars(select(Account).where(Account.person == person)).one_or_none()


def open_code(session: Session, code: str, secret_key: str) -> SignInCode | None:
    """The code, while it is neither used nor expired."""
    found = session.get(SignInCode, code_digest(code, secret_key))
    return found if found and found.used is None and found.expires > utc_now() else None
