"""The page on the way to a unit: by it browsers learn to keep what the unit says without a network."""

import json
import re
from base64 import b64decode
from urllib.parse import urlsplit

import pytest

from lms.cmi5.models import Launch
from lms.cmi5.services.ending import abandon
from lms.core.clock import utc_now
from tests.factories import cmi5
from tests.factories.cmi5 import Speaker

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ONE = "https-example-org-cmi5-au-one"
SHOWS_PAGES = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def tap(officer, import_course):
    """`tap()` taps the button in a browser; the answer."""
    import_course()
    return lambda: officer.post(f"/learn/cours/{ONE}", headers=SHOWS_PAGES)


def get(app, address):
    parts = urlsplit(address)
    return app.test_client().get(parts.path, base_url=f"{parts.scheme}://{parts.netloc}")


def config_of(page):
    found = re.search(
        r'<script type="application/json" id="opening">(.*?)</script>', page.get_data(as_text=True)
    )
    return json.loads(found[1])


def test_a_browser_is_led_over_it_and_finds_there_what_the_unit_will_read(tap, app, officer, settings):
    answer = tap()
    assert "/cmi5/open/" in answer.headers["Location"]
    cookies = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("lesson-opened=")]
    assert len(cookies) == 1, "by which pages of the application know where something may wait"
    page = get(app, answer.headers["Location"])
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    config = config_of(page)
    assert f'href="{config["unit"]}"'.replace("&", "&amp;") in page.get_data(as_text=True)
    speaker = Speaker(app.test_client(), config["unit"]).start()
    assert config["session"] == speaker.session
    assert (config["activity"], config["registration"]) == (speaker.activity, speaker.registration)
    kept = {one["name"]: json.loads(b64decode(one["body"])) for one in config["documents"]}
    assert kept["LMS.LaunchData"] == speaker.data
    assert kept["cmi5LearnerPreferences"] == speaker.preferences().get_json()
    assert config["whole"]
    files = app.test_client().get(config["fileList"], base_url=speaker.base).get_json()
    assert any(one["address"].endswith("index.html") for one in files["files"])
    speaker.state("large", "PUT", data=b"x" * 300_000, headers={"Content-Type": "text/plain"})
    speaker.state("bookmark", "PUT", json={"page": 2})
    again = config_of(get(app, tap().headers["Location"]))
    assert {one["name"] for one in again["documents"]} == {*kept, "bookmark"}
    assert not again["whole"], "the unit asks for what is too large to be sent along"


def test_who_shows_no_pages_and_previews_get_the_unit_itself(tap, officer, signed_in):
    plain = officer.post(f"/learn/cours/{ONE}")
    assert "fetch=" in plain.headers["Location"]
    author = signed_in("administrator")
    preview = author.post(f"/manage/courses/cours/versions/1/preview/{ONE}", headers=SHOWS_PAGES)
    assert "fetch=" in preview.headers["Location"]


def test_a_unit_on_another_site_has_no_such_page(officer, import_course):
    import_course(cmi5.unit(url="https://example.org/unit"), slug="xa")
    answer = officer.post(f"/learn/xa/{ONE}", headers=SHOWS_PAGES)
    assert "https://example.org/unit" in answer.get_data(as_text=True)
    assert "lesson-opened" not in str(answer.headers)


def test_it_opens_nothing_once_the_session_is_over_or_its_learner_has_signed_out(
    tap, app, database, settings
):
    address = tap().headers["Location"]
    with database.transaction() as session:
        session.query(Launch).one().play.expires = utc_now()
    assert get(app, address).headers["Location"].endswith(f"/courses/cours/lessons/{ONE}")
    other = tap().headers["Location"]
    with database.transaction() as session:
        launch = session.query(Launch).filter(Launch.ended.is_(None)).one()
        abandon(session, launch, settings=settings)
    assert get(app, other).headers["Location"].endswith(f"/courses/cours/lessons/{ONE}")
    parts = urlsplit(other)
    assert get(app, other.replace(parts.netloc, "127.9.9.9:8000")).status_code == 404
    assert get(app, f"{parts.scheme}://{parts.netloc}/cmi5/open/no-token/").status_code == 403


def test_a_session_whose_end_was_not_heard_may_have_something_waiting(tap, app, officer):
    speaker = Speaker(app.test_client(), config_of(get(app, tap().headers["Location"]))["unit"]).start()

    def ended():
        return officer.get(f"/learn/waiting?session={speaker.session}").get_json()["ended"]

    assert ended() == []
    tap()  # which gives the first session up
    assert ended() == []
    again = Speaker(app.test_client(), config_of(get(app, tap().headers["Location"]))["unit"])
    again.start().say("initialized", "terminated")
    told = officer.get(f"/learn/waiting?session={again.session}").get_json()["ended"]
    assert told == [again.session]
