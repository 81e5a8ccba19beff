"""A unit that is loaded again gets no second key (section 8.2.3): it is opened anew for the learner."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from lms.cmi5.models import Launch
from lms.player.tokens import AGAIN_LIFE, make_again_key
from tests.factories.cmi5 import Speaker
from tests.lms.conftest import APP
from tests.lms.player.playing import verbs

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ONE = "https-example-org-cmi5-au-one"
RELOAD = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def load(app):
    """`load(speaker)` asks for the unit's page as a browser that loads it again, or in another way."""

    def ask(speaker: Speaker, headers=RELOAD):
        parts = urlsplit(speaker.address)
        base = f"{parts.scheme}://{parts.netloc}"
        path = f"{parts.path}?{parts.query}"
        return app.test_client().get(path, base_url=base, headers=headers, buffered=True)

    return ask


@pytest.fixture
def begun(speaker, database):
    """A unit that has its key since a while."""
    with database.transaction() as session:
        session.query(Launch).one().fetched -= timedelta(minutes=1)
    speaker.say("initialized")
    speaker.state("bookmark", "PUT", json={"page": 3})
    return speaker


def test_it_goes_on_in_a_new_session_of_the_same_registration(begun, load, officer, app, database):
    back = load(begun)
    assert back.status_code == 303
    assert back.headers["Location"].startswith(f"{APP}/learn/cours/{ONE}/again/")
    opened = officer.get(back.headers["Location"].removeprefix(APP))
    again = Speaker(app.test_client(), opened.headers["Location"]).start()
    assert again.registration == begun.registration
    assert again.session != begun.session
    assert again.state("bookmark").get_json() == {"page": 3}
    again.say("initialized")
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "abandoned", "launched", "initialized"]
    assert begun.send(begun.statement("experienced")).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (RELOAD | {"Sec-Fetch-Site": "none"}, 303),
        (RELOAD | {"Sec-Fetch-Site": "same-origin"}, 200),  # from another page of the unit
        (RELOAD | {"Sec-Fetch-Dest": "iframe"}, 200),
        ({"Cache-Control": "max-age=0"}, 303),  # browsers of before 2023
        ({}, 200),
    ],
)
def test_pages_of_the_unit_itself_are_left_alone(begun, load, headers, status):
    assert load(begun, headers).status_code == status


def test_a_unit_that_has_no_key_yet_or_only_just_is_left_alone(officer, import_course, open_unit, load):
    import_course()
    opened = open_unit(officer)
    assert load(opened).status_code == 200
    opened.start()
    assert load(opened).status_code == 200, "it may load itself again as it begins"


def test_strangers_and_old_keys_are_led_to_the_button(begun, load, visitor, officer, settings, monkeypatch):
    address = load(begun).headers["Location"].removeprefix(APP)
    page = f"/courses/cours/lessons/{ONE}"
    assert visitor.get(address).headers["Location"] == page
    for key in ("x", make_again_key("cours", "another", settings.secret_key)):
        assert officer.get(f"/learn/cours/{ONE}/again/{key}").headers["Location"] == page
    monkeypatch.setattr("lms.player.tokens.AGAIN_LIFE", -AGAIN_LIFE)
    assert officer.get(address).headers["Location"] == page
    begun.say("terminated")  # the session was left alone


def test_an_author_comes_back_to_the_preview(signed_in, import_course, app, load, database):
    import_course()
    answer = signed_in("administrator").post(f"/manage/courses/cours/versions/1/preview/{ONE}")
    speaker = Speaker(app.test_client(), answer.headers["Location"]).start()
    with database.transaction() as session:
        session.query(Launch).one().fetched -= timedelta(minutes=1)
    assert load(speaker).headers["Location"] == f"{APP}/manage/courses/cours/versions/1"
