"""Who may do what, where. Every decision of the application is made by `allows`."""

from enum import StrEnum

from lms.accounts.models import Account, Grant, Role
from lms.core.errors import Forbidden
from lms.units.models import Unit


class Permission(StrEnum):
    """What can be allowed. Those about people and figures hold for a unit and all below it."""

    SEE_RATES = "see_rates"
    SEE_PEOPLE = "see_people"
    MANAGE_PEOPLE = "manage_people"
    ISSUE_CODES = "issue_codes"
    ASSIGN_COURSES = "assign_courses"
    AUTHOR_COURSES = "author_courses"
    MANAGE_UNITS = "manage_units"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_CLIENTS = "manage_clients"
    SEE_RECORD = "see_record"
    OPERATE = "operate"


_MANAGER = frozenset(
    {
        Permission.SEE_RATES,
        Permission.SEE_PEOPLE,
        Permission.MANAGE_PEOPLE,
        Permission.ISSUE_CODES,
        Permission.ASSIGN_COURSES,
        Permission.MANAGE_ACCOUNTS,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.LEARNER: frozenset(),
    Role.FACILITATOR: frozenset({Permission.SEE_RATES, Permission.SEE_PEOPLE, Permission.ISSUE_CODES}),
    Role.MANAGER: _MANAGER,
    Role.REPORTER: frozenset({Permission.SEE_RATES}),
    Role.AUTHOR: frozenset({Permission.AUTHOR_COURSES}),
    Role.ADMINISTRATOR: frozenset(Permission),
}

# What a manager of a unit may hand on: nothing that reaches further than the unit.
GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.MANAGER: frozenset({Role.LEARNER, Role.FACILITATOR, Role.REPORTER}),
    Role.ADMINISTRATOR: frozenset(Role),
}

# These touch what all units share, so they are held at the top of the tree or not at all.
EVERYWHERE = frozenset(
    {
        Permission.AUTHOR_COURSES,
        Permission.MANAGE_UNITS,
        Permission.MANAGE_CLIENTS,
        Permission.SEE_RECORD,
        Permission.OPERATE,
    }
)


def allows(account: Account | None, permission: Permission, unit: Unit | None = None) -> bool:
    """Whether the account may do this in the unit; without a unit, whether it may do it anywhere at all."""
    if account is None or not account.active:
        return False
    return any(_grants(grant, permission, unit) for grant in account.grants)


def demand(account: Account | None, permission: Permission, unit: Unit | None = None) -> None:
    """Raises Forbidden where `allows` says no."""
    if allows(account, permission, unit):
        return
    if unit is None:
        raise Forbidden("Your roles do not allow this. Ask your manager if you need it.")
    raise Forbidden(
        "Your roles do not reach “%(unit)s”. Ask your manager if you need them to.", unit=unit.name
    )


def scopes(account: Account, permission: Permission) -> list[Unit]:
    """The units on which the account holds the permission, none of them below another."""
    units = {
        grant.unit.id: grant.unit for grant in account.grants if permission in PERMISSIONS[Role(grant.role)]
    }
    tops = [
        unit
        for unit in units.values()
        if not any(other.id != unit.id and other.reaches(unit) for other in units.values())
    ]
    return sorted(tops, key=lambda unit: unit.path)


def may_grant(account: Account, role: Role, unit: Unit) -> bool:
    """Whether the account may give this role on this unit."""
    return any(
        grant.unit.reaches(unit) and role in GRANTABLE.get(Role(grant.role), frozenset())
        for grant in account.grants
    )


def may_reset(account: Account, other: Account) -> bool:
    """Whether the account may help the other to a new password, once it may issue codes for the person.

    Whoever sets a password can sign in as its owner: so only where each of the owner's roles could be granted
    by the account too. Everybody who issues codes may help those who only learn.
    """
    return all(
        grant.role == Role.LEARNER or may_grant(account, Role(grant.role), grant.unit)
        for grant in other.grants
    )


def demand_resettable(account: Account, other: Account) -> None:
    """Raises Forbidden where `may_reset` says no."""
    if not may_reset(account, other):
        raise Forbidden(
            "“%(username)s” has a role that you may not give, so you cannot reset its password. Ask an "
            "administrator.",
            username=other.username,
        )


def _grants(grant: Grant, permission: Permission, unit: Unit | None) -> bool:
    if permission not in PERMISSIONS[Role(grant.role)]:
        return False
    if permission in EVERYWHERE:
        return grant.unit.parent_id is None
    return unit is None or grant.unit.reaches(unit)
