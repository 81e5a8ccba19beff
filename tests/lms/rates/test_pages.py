"""The pages of figures."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from lms.core.clock import today
from lms.core.database import Database
from lms.enrolment.services import assign
from tests.factories.learning import COMPLETED, INITIALIZED, make_course, make_people, make_person, tell
from tests.lms.conftest import Cast
from tests.lms.rates.conftest import Scene

Enter = Callable[[str], FlaskClient]


def _page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return " ".join(answer.get_data(as_text=True).split())


def test_the_number_stands_first_with_its_definition_its_date_and_its_explanation(
    signed_in: Enter, scene: Scene
):
    page = _page(signed_in("manager"), "/rates")
    page = page[page.index("<main") :]
    number = page.index("56/57")
    assert page.index("98.2%", number) < page.index("out of all its officers", number)
    assert f"As of {today():%d/%m/%Y}." in page
    assert "/rates/explain?" in page[:number]


def test_vietnamese_numbers_have_their_comma(signed_in: Enter, scene: Scene):
    client = signed_in("manager")
    client.set_cookie("language", "vi", domain="localhost")
    assert "98,2%" in _page(client, "/rates")


def test_the_number_moves_when_the_last_officer_completes(signed_in: Enter, database: Database, scene: Scene):
    client = signed_in("manager")
    assert scene.missing.name in _page(client, "/rates/missing")
    with database.transaction() as session:
        tell(session, scene.missing, scene.course.iri)
    page = _page(client, "/rates")
    assert "57/57" in page
    assert "100%" in page
    assert "Nobody is missing." in page
    assert "Nobody is missing" in _page(client, "/rates/missing")


def test_who_is_missing_is_told_apart_by_how_far_they_are(signed_in: Enter, database: Database, scene: Scene):
    client = signed_in("manager")
    assert "Not started" in _page(client, "/rates/missing")
    with database.transaction() as session:
        tell(session, scene.missing, f"{scene.course.iri}/lessons/item-0", verb=INITIALIZED)
    assert "Under way, last on 01/11/2025" in _page(client, "/rates/missing")


def test_a_long_list_of_those_missing_comes_in_pages(
    signed_in: Enter, database: Database, cast: Cast, scene: Scene
):
    with database.transaction() as session:
        make_people(
            session, cast.village, [(f"V-{number:03}", f"Lê Văn V{number:03}") for number in range(60)]
        )
    client = signed_in("manager")
    first = _page(client, "/rates/missing?course=qr")
    assert "61 people are missing." in first
    assert "page=3" in first
    shown = [_page(client, f"/rates/missing?course=qr&page={number}").count("<tr") for number in (1, 2, 3)]
    assert shown == [26, 26, 12]  # with the line of headings


def test_a_page_beyond_the_last_is_the_last(signed_in: Enter, scene: Scene):
    assert scene.missing.name in _page(signed_in("manager"), "/rates/missing?page=99")
    assert scene.missing.name in _page(signed_in("manager"), "/rates/missing?page=x")


def test_an_earlier_day_is_asked_for_in_the_address(signed_in: Enter, scene: Scene):
    for day in ("2025-11-01", "01/11/2025"):
        page = _page(signed_in("manager"), f"/rates?as_of={day}")
        assert "16/57" in page
        assert "As of 01/11/2025." in page


def test_a_wrong_or_future_date_shows_a_sentence_and_no_number(signed_in: Enter, scene: Scene):
    client = signed_in("manager")
    wrong = _page(client, "/rates?as_of=30/02/2026&course=qr", 400)
    assert "“30/02/2026” is not a date. Type it as in 31/03/2026." in wrong
    assert "56/57" not in wrong
    assert 'name="course" value="qr"' in wrong
    tomorrow = today() + timedelta(days=1)
    assert "has not come yet" in _page(client, f"/rates?as_of={tomorrow}", 400)
    assert "has not come yet" in _page(client, f"/rates/explain?known_on={tomorrow}", 400)


def test_what_is_unknown_is_not_found(signed_in: Enter, scene: Scene):
    client = signed_in("manager")
    assert "There is no unit with the code" in _page(client, "/rates?unit=99999", 404)
    assert "There is no course" in _page(client, "/rates?course=none", 404)
    assert _page(client, "/rates/files/secrets.xlsx", 404)
    assert _page(client, "/rates/files/units.exe", 404)
    assert _page(client, "/rates/statements/00000000-0000-4000-8000-000000000000", 404)


def test_an_audience_that_is_none_is_refused(signed_in: Enter, scene: Scene):
    assert "is not an audience" in _page(signed_in("manager"), "/rates?audience=robots", 400)


def test_without_any_course_the_page_says_what_is_missing(signed_in: Enter, cast: Cast):
    assert "No course is on offer yet" in _page(signed_in("manager"), "/rates")


def test_a_unit_where_nobody_is_counted_says_so(signed_in: Enter, scene: Scene):
    page = _page(signed_in("manager"), "/rates?unit=10549-01")
    assert "Nobody is counted here" in page
    assert "0/0" in page


def test_the_course_that_is_due_next_is_shown_unless_another_is_chosen(
    signed_in: Enter, database: Database, cast: Cast, scene: Scene
):
    due = today() + timedelta(days=3)
    with database.transaction() as session:
        other = make_course(session, "ai", "Hỏi trợ lý AI")
        assign(session, scene.course, cast.city, audience="officer", due=due + timedelta(30), actor=None)
        assign(session, other, cast.commune, audience="officer", due=due, actor=None)
    page = _page(signed_in("manager"), "/rates")
    assert "0/57" in page[: page.index("Who has not completed")]
    assert "3 days left" in page
    assert "56/57" in _page(signed_in("manager"), "/rates?course=qr")


def test_units_are_ranked_searched_and_sorted(signed_in: Enter, database: Database, cast: Cast, scene: Scene):
    with database.transaction() as session:
        tell(session, make_person(session, cast.other), scene.course.iri)
    client = signed_in("reporter")
    page = _page(client, "/rates/units?course=qr&audience=officer")
    assert page.index("Phường Ái Quốc") < page.index("Phường Chu Văn An")
    upside_down = _page(client, "/rates/units?course=qr&audience=officer&sort=-rank")
    assert upside_down.index("Phường Chu Văn An</a>") < upside_down.index("Phường Ái Quốc</a>")
    found = _page(client, "/rates/units?q=chu van&course=qr")
    assert "Phường Chu Văn An</a>" in found
    assert "Phường Ái Quốc</a>" not in found
    assert "No unit found" in _page(client, "/rates/units?q=nowhere")
    assert "cannot be chosen here" in _page(client, "/rates/units?sort=beauty", 400)
    assert "cannot be chosen here" in _page(client, "/rates/units?kind=planet", 400)


def test_the_explanation_leads_to_a_statement_in_words(signed_in: Enter, scene: Scene):
    client = signed_in("manager")
    address = f"/rates/statements/{scene.statements[0]}"
    assert address in _page(client, "/rates/explain") + _page(client, "/rates/explain?page=2")
    page = _page(client, address)
    for words in (scene.officers[0].name, "completed", scene.course.title, "08:00 01/11/2025", COMPLETED):
        assert words in page


def test_a_statement_tells_score_duration_and_where_it_came_from(
    signed_in: Enter, database: Database, scene: Scene
):
    with database.transaction() as session:
        told = tell(
            session,
            scene.missing,
            scene.course.iri,
            result={"score": {"scaled": 0.9}, "success": True, "duration": "PT6M5S"},
            context={"platform": "One Touch"},
        )
    page = _page(signed_in("manager"), f"/rates/statements/{told}")
    for words in ("90%", "6 minutes", "One Touch", "Passed"):
        assert words in page


def test_names_cannot_bring_markup_into_a_page(
    signed_in: Enter, database: Database, cast: Cast, scene: Scene
):
    with database.transaction() as session:
        make_person(session, cast.commune, "<script>alert(1)</script>")
    for address in ("/rates", "/rates/missing", "/rates/explain"):
        assert "<script>alert" not in _page(signed_in("manager"), address)
