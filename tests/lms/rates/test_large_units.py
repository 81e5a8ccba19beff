"""Units with more people than a list can hold."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from lms.rates import routes, sheets
from tests.lms.rates.conftest import Scene

Enter = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST_NAMES", 56)
    monkeypatch.setattr(sheets, "MOST_NAMES", 56)


def test_pages_show_the_number_and_ask_for_a_smaller_unit(signed_in: Enter, scene: Scene):
    client = signed_in("manager")
    for address, words in (
        ("/rates", "Too many to list: choose one of the units below."),
        ("/rates/missing", "Too many to list"),
        ("/rates/explain", "The list is too long to show names."),
    ):
        page = client.get(address).get_data(as_text=True)
        assert words in page
        assert "56/57" in page
        assert scene.missing.name not in page


def test_files_of_names_are_refused_and_files_of_figures_are_not(signed_in: Enter, scene: Scene):
    client = signed_in("manager")
    for name, status in (("missing", 400), ("people", 400), ("units", 200), ("weeks", 200)):
        assert client.get(f"/rates/files/{name}.csv").status_code == status
