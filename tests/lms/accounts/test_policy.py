"""Roles and how far they reach."""

import pytest

from lms.accounts.models import Account, Role
from lms.accounts.policy import PERMISSIONS, Permission, allows, demand, may_grant, scopes
from lms.core.errors import Forbidden
from tests.lms.conftest import Cast


def test_a_role_reaches_the_unit_and_all_below_it_and_nothing_else(cast: Cast):
    assert allows(cast.manager, Permission.SEE_PEOPLE, cast.commune)
    assert allows(cast.manager, Permission.SEE_PEOPLE, cast.village)
    assert not allows(cast.manager, Permission.SEE_PEOPLE, cast.other)
    assert not allows(cast.manager, Permission.SEE_PEOPLE, cast.city)


def test_a_reporter_sees_figures_everywhere_and_names_nowhere(cast: Cast):
    assert allows(cast.reporter, Permission.SEE_RATES, cast.village)
    assert not allows(cast.reporter, Permission.SEE_PEOPLE, cast.village)


@pytest.mark.parametrize("permission", list(Permission))
def test_a_learner_and_a_visitor_may_nothing_of_the_kind(cast: Cast, permission: Permission):
    for unit in (None, cast.commune, cast.city):
        assert not allows(cast.learner, permission, unit)
        assert not allows(None, permission, unit)


@pytest.mark.parametrize("permission", list(Permission))
def test_the_administrator_of_the_city_may_everything(cast: Cast, permission: Permission):
    assert allows(cast.administrator, permission, cast.village)
    assert allows(cast.administrator, permission)


def test_what_all_units_share_is_touched_from_the_top_only(cast: Cast):
    below = Account(active=True, grants=[])
    below.grants = [type(cast.administrator.grants[0])(role=Role.ADMINISTRATOR, unit=cast.commune)]
    assert allows(below, Permission.MANAGE_PEOPLE, cast.village)
    for permission in (Permission.AUTHOR_COURSES, Permission.MANAGE_CLIENTS, Permission.MANAGE_UNITS):
        assert not allows(below, permission)


def test_an_account_that_was_closed_may_nothing(cast: Cast):
    cast.administrator.active = False
    assert not allows(cast.administrator, Permission.SEE_RATES, cast.city)


def test_the_refusal_names_the_unit_and_says_whom_to_ask(cast: Cast):
    with pytest.raises(Forbidden, match=r"“Phường Ái Quốc”\. Ask your manager"):
        demand(cast.manager, Permission.SEE_PEOPLE, cast.other)


def test_scopes_leave_out_units_below_others(cast: Cast):
    grants = [
        type(cast.manager.grants[0])(role=Role.MANAGER, unit=unit) for unit in (cast.village, cast.commune)
    ]
    account = Account(active=True, grants=grants)
    assert [unit.code for unit in scopes(account, Permission.SEE_RATES)] == ["10549"]
    assert scopes(account, Permission.OPERATE) == []


def test_a_manager_hands_on_less_than_they_hold_and_only_within_the_unit(cast: Cast):
    assert may_grant(cast.manager, Role.FACILITATOR, cast.village)
    assert not may_grant(cast.manager, Role.MANAGER, cast.village)
    assert not may_grant(cast.manager, Role.FACILITATOR, cast.other)
    assert not may_grant(cast.learner, Role.LEARNER, cast.commune)


def test_every_role_has_its_permissions_written_down():
    assert set(PERMISSIONS) == set(Role)
