"""Making accounts, signing in, changing passwords, granting roles, issuing codes."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.accounts import policy
from lms.accounts.models import Account, Grant, Role, SignInCode
from lms.accounts.passwords import code_digest, hash_password, matches, new_code
from lms.accounts.queries import account_named, account_of_person, open_code
from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.errors import Conflict, Refused
from lms.core.names import normal
from lms.units.models import Unit

CODE_LIFE = timedelta(days=30)
_USERNAME = re.compile(r"[\w.@+-]{3,100}")


def add_account(session: Session, *, username: str, password: str, name: str, person: UUID | None) -> Account:
    """Make an account. Raises Refused for an unfit name or password, Conflict for a taken name."""
    username = normal(username).lower()
    if not _USERNAME.fullmatch(username):
        raise Refused(
            "The user name must have 3 to 100 letters or digits, without spaces. Also allowed: . - _ @ +"
        )
    if account_named(session, username) is not None:
        raise Conflict("The user name “%(username)s” is taken. Choose another.", username=username)
    if person is not None and account_of_person(session, person) is not None:
        raise Conflict("This person has an account already.")
    account = Account(
        username=username,
        name=name,
        password_hash=hash_password(password),
        person=person,
        created=utc_now(),
        grants=[],
    )
    session.add(account)
    session.flush()
    log(session, Act.ACCOUNT_CREATED, actor=None, subject=str(account.id))
    return account


def grant(session: Session, account: Account, role: Role, unit: Unit, *, actor: int | None) -> None:
    """Give a role on a unit; giving it twice is giving it once."""
    if any(held.role == role and held.unit_id == unit.id for held in account.grants):
        return
    account.grants.append(Grant(role=role.value, unit=unit, granted=utc_now()))
    session.flush()
    log(session, Act.ROLE_GRANTED, actor=actor, subject=str(account.id), role=role.value, unit=unit.code)


def withdraw(session: Session, account: Account, held: Grant, *, actor: int | None) -> None:
    account.grants.remove(held)
    log(
        session, Act.ROLE_WITHDRAWN, actor=actor, subject=str(account.id), role=held.role, unit=held.unit.code
    )


def sign_in(session: Session, username: str, password: str) -> Account | None:
    """The account, if the user name and the password belong together."""
    account = account_named(session, username)
    right = matches(account.password_hash if account else None, password)
    if not right or account is None or not account.active:
        log(session, Act.SIGN_IN_FAILED, actor=None, subject=str(account.id) if account else None)
        return None
    log(session, Act.SIGNED_IN, actor=account.id)
    return account


def change_password(session: Session, account: Account, *, old: str, new: str) -> None:
    """Change the password and end every other session. Raises Refused."""
    if not matches(account.password_hash, old):
        raise Refused("The present password is not right. Type it again.")
    account.password_hash = hash_password(new)
    account.epoch += 1
    log(session, Act.PASSWORD_CHANGED, actor=account.id)


def issue_code(
    session: Session, *, person: UUID, name: str, suggestion: str, secret_key: str, actor: int | None
) -> str:
    """A new one-time code for a person, valid for 30 days; earlier ones stop working.

    The code is returned this once; only its keyed hash is kept. Raises Conflict where there is an account.
    """
    if account_of_person(session, person) is not None:
        raise Conflict("%(name)s has an account already.", name=name)
    code = _new_code(session, person, name=name, suggestion=suggestion, secret_key=secret_key)
    log(session, Act.CODE_ISSUED, actor=actor, subject=str(person))
    return code


def issue_reset_code(session: Session, account: Account, *, secret_key: str, by: Account) -> str:
    """A new one-time code with which a new password is chosen; until it is used, the present one holds.

    Raises Forbidden where the account may do what its issuer may not grant, Refused for one that is closed.
    """
    if account.person is None:
        raise Refused("This account belongs to the site itself. Its password is changed on its own page.")
    policy.demand_resettable(by, account)
    if not account.active:
        raise Refused("This account is closed.")
    code = _new_code(
        session,
        account.person,
        name=account.name,
        suggestion=account.username,
        secret_key=secret_key,
        account=account,
    )
    log(session, Act.CODE_ISSUED, actor=by.id, subject=str(account.person), account=account.id)
    return code


def use_code(session: Session, code: str, secret_key: str, *, username: str, password: str) -> Account:
    """Make the account that a code stands for, and use the code up. Raises Refused."""
    found = _usable(session, code, secret_key)
    account = add_account(session, username=username, password=password, name=found.name, person=found.person)
    found.used = utc_now()
    return account


def use_reset_code(session: Session, code: str, secret_key: str, *, password: str) -> Account:
    """Set the new password and end every session of the account. Raises Refused."""
    found = _usable(session, code, secret_key)
    account = session.get_one(Account, found.account_id)
    account.password_hash = hash_password(password)
    account.epoch += 1
    found.used = utc_now()
    log(session, Act.PASSWORD_RESET, actor=account.id, subject=str(account.id))
    return account


def _new_code(
    session: Session,
    person: UUID,
    *,
    name: str,
    suggestion: str,
    secret_key: str,
    account: Account | None = None,
) -> str:
    now = utc_now()
    session.execute(
        update(SignInCode).where(SignInCode.person == person, SignInCode.used.is_(None)).values(used=now)
    )
    code = new_code()
    session.add(
        SignInCode(
            digest=code_digest(code, secret_key),
            person=person,
            name=name,
            suggestion=suggestion,
            created=now,
            expires=now + CODE_LIFE,
            account_id=account and account.id,
        )
    )
    return code


def _usable(session: Session, code: str, secret_key: str) -> SignInCode:
    found = open_code(session, code, secret_key)
    if found is None:
        raise Refused("This code is not valid, or it was used already. Ask your manager for a new one.")
    return found
