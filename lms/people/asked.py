"""Which unit a page is about: the one its address names, within the reach of whoever asks."""

from flask import request

from lms.accounts import policy
from lms.accounts.access import the_account
from lms.accounts.policy import Permission
from lms.core.web import session
from lms.units.models import Unit
from lms.units.queries import ancestors, children, unit_of_code


def asked_unit(permission: Permission) -> Unit:
    """The unit of `?unit=CODE`, else the first that the account reaches. Raises Forbidden, NotFound."""
    code = request.args.get("unit")
    if not code:
        return policy.scopes(the_account(), permission)[0]
    unit = unit_of_code(session(), code)
    policy.demand(the_account(), permission, unit)
    return unit


def trail(unit: Unit, permission: Permission) -> list[Unit]:
    """The units above, from the highest that the account reaches down."""
    account = the_account()
    return [above for above in ancestors(session(), unit) if policy.allows(account, permission, above)]


def near(unit: Unit, permission: Permission) -> list[Unit]:
    """The units to go to from here: those above, the other tops of the account, this one, those below."""
    above = trail(unit, permission)
    tops = policy.scopes(the_account(), permission)
    others = [top for top in tops if top.id != unit.id and top not in above]
    return [*above, *others, unit, *children(session(), unit)]
