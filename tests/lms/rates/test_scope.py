"""Who sees which figures: every page, file and answer, for everybody of the cast."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.lms.rates.conftest import Scene

Enter = Callable[[str], FlaskClient]

FIGURES = (
    "/rates?unit=10549",
    "/rates/units?unit=10549",
    "/rates/explain?unit=10549",
    "/rates/files/units.xlsx?unit=10549",
    "/rates/files/units.csv?unit=10549",
    "/rates/files/courses.xlsx?unit=10549",
    "/rates/files/weeks.csv?unit=10549",
    "/api/v1/rates?course=qr&unit=10549",
    "/api/v1/rates?course=qr&unit=10549&by=unit",
)
NAMES = (
    "/rates/missing?unit=10549",
    "/rates/files/missing.xlsx?unit=10549",
    "/rates/files/missing.csv?unit=10549",
    "/rates/files/people.xlsx?unit=10549",
    "/rates/files/people.csv?unit=10549",
    "/api/v1/explain?course=qr&unit=10549",
)
STATEMENT = "/rates/statements/{}"


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 200), ("reporter", 200), ("administrator", 200), ("outsider", 403), ("learner", 403)],
)
def test_figures_are_for_those_whose_roles_reach_the_unit(
    signed_in: Enter, scene: Scene, who: str, status: int
):
    client = signed_in(who)
    assert {address: client.get(address).status_code for address in FIGURES} == dict.fromkeys(FIGURES, status)


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 200), ("administrator", 200), ("reporter", 403), ("outsider", 403), ("learner", 403)],
)
def test_names_and_statements_are_for_those_who_may_see_the_people(
    signed_in: Enter, scene: Scene, who: str, status: int
):
    client = signed_in(who)
    for address in (*NAMES, STATEMENT.format(scene.statements[0])):
        answer = client.get(address)
        assert answer.status_code == status, address
        if status == 403:
            assert "Nguyễn Thị" not in answer.get_data(as_text=True)


def test_a_signed_out_visitor_is_sent_to_sign_in_and_a_program_is_told_401(
    visitor: FlaskClient, scene: Scene
):
    for address in (*FIGURES, *NAMES, STATEMENT.format(scene.statements[0])):
        answer = visitor.get(address)
        if address.startswith("/api/"):
            assert answer.status_code == 401, address
            assert answer.headers["WWW-Authenticate"].startswith("Basic")
        else:
            assert answer.status_code == 302, address
            assert "/sign-in" in answer.headers["Location"]


def test_a_reporter_of_the_city_sees_figures_where_a_manager_sees_names(signed_in: Enter, scene: Scene):
    for address in ("/rates?unit=10549", "/rates/explain?unit=10549"):
        reporter = signed_in("reporter").get(address).get_data(as_text=True)
        assert scene.missing.name not in reporter
        assert "56/57" in reporter
        manager = signed_in("manager").get(address).get_data(as_text=True)
        assert scene.missing.name in manager


def test_choices_never_offer_a_unit_above_ones_own(signed_in: Enter, scene: Scene):
    page = signed_in("manager").get("/rates").get_data(as_text=True)
    assert 'value="10549"' in page
    assert 'value="31"' not in page
    assert 'value="10660"' not in page
