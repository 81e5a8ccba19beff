"""An officer finishes a lesson on a phone, and the manager's number goes from 56/57 to 57/57.

The 56 did it elsewhere: an independent xAPI client told of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from tincan import Activity, Agent, AgentAccount, RemoteLRS, Statement, Verb

from courses.authoring import read_lesson
from courses.library import folder
from tests.conftest import Databases
from tests.functional.browsing import DESK, PHONE, faults, new_context, sign_in
from tests.functional.conftest import build_tables
from tests.functional.journey import lesson_frame, play, right_letters, step
from tests.functional.roster import OFFICERS, load_roster, write
from tests.functional.serving import Installation

pytestmark = pytest.mark.browser

COURSE = "nhan-dien-lua-dao"
PASSWORD = "hoa phượng đỏ 57"
ASKED = ("--course", COURSE, "--unit", "10549")
RATE = f"/rates?course={COURSE}&unit=10549&audience=officer"
SOURCE = read_lesson(folder(COURSE) / "lesson.md")


ELSEWHERE = "CVA-060"  # an officer of another ward
ONE_BY_ONE = 6  # completions; the others come together


@dataclass
class Ward:
    """A served ward with 57 officers of whom 56 have completed the course; `officer` has not.

    Nor has `elsewhere`, an officer of another ward.
    """

    installation: Installation
    iri: str

    @property
    def address(self) -> str:
        return self.installation.address

    def rate(self) -> tuple[int, int, float]:
        found = self.installation.json("rates", *ASKED, "--audience", "officer")
        return found["completed"], found["members"], found["percent"]


@pytest.fixture(scope="module")
def ward(postgresql_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """Both tests change it, each for an officer of its own."""
    address = postgresql_databases.fresh(postgresql_databases.template(build_tables))
    installation = Installation(tmp_path_factory.mktemp("ward"), database_url=address)
    load_roster(installation)
    add_an_officer_elsewhere(installation)
    installation.lms("courses", "library")
    for unit in ("10549", "10660"):
        installation.lms("assign", COURSE, "--unit", unit, "--audience", "officer", "--due", "2026-12-31")
    for username, code, *role in (
        ("officer", OFFICERS[-1]),
        ("elsewhere", ELSEWHERE),
        ("manager", OFFICERS[0], "--role", "manager", "--unit", "10549"),
    ):
        installation.lms("accounts", "add", username, "--person", code, *role, given=f"{PASSWORD}\n")
    client = installation.json("clients", "add", "One Touch", "--scope", "statements/write")
    (course,) = (one for one in installation.json("courses", "list") if one["slug"] == COURSE)
    installation.start()
    send_completions(installation, client, course["iri"], OFFICERS[:-1])
    yield Ward(installation, course["iri"])
    assert installation.stop() == 0


def add_an_officer_elsewhere(installation: Installation) -> None:
    units = [("10660", "Phường Ái Quốc", "commune", "31")]
    file = write(installation.data / "more.csv", ("code", "name", "kind", "parent_code"), units)
    installation.lms("units", "import", str(file))
    people = [(ELSEWHERE, "Lê Thị Cúc", "10660", "officer")]
    file = write(installation.data / "others.csv", ("code", "name", "unit_code", "audience"), people)
    installation.lms("people", "import", str(file))


def send_completions(installation: Installation, client: dict[str, Any], iri: str, codes: list[str]) -> None:
    remote = RemoteLRS(
        endpoint=f"{installation.address}/xapi/",
        version="1.0.3",
        username=client["key"],
        password=client["secret"],
    )
    statements = [
        Statement(
            id=str(uuid4()),
            timestamp=datetime.now(UTC),
            actor=Agent(account=AgentAccount(home_page=installation.address, name=code)),
            verb=Verb(id="http://adlnet.gov/expapi/verbs/completed"),
            object=Activity(id=iri),
        )
        for code in codes
    ]
    answers = [remote.save_statement(statement) for statement in statements[:ONE_BY_ONE]]
    answers.append(remote.save_statements(statements[ONE_BY_ONE:]))
    assert all(answer.success for answer in answers), [answer.data for answer in answers]


def headline(page: Page) -> str:
    return re.sub(r"\s+", " ", page.locator(".app-headline__figure").first.inner_text()).strip()


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_attribute("data-state", "saved", timeout=30_000)


def test_an_officer_finishes_and_the_manager_sees_100_percent_and_why(browser: Browser, ward: Ward):
    assert ward.rate() == (56, 57, 98.2)
    desk = new_context(browser, DESK)
    manager = desk.new_page()
    sign_in(manager, ward.address, "manager", PASSWORD)
    manager.goto(ward.address + RATE)
    assert headline(manager).startswith("56/57 · 98,2%")
    assert manager.get_by_text(f"Nguyễn Văn {OFFICERS[-1]}").count() >= 1

    phone = new_context(browser, PHONE)
    page = phone.new_page()
    sign_in(page, ward.address, "officer", PASSWORD)
    assert faults(page) == []
    page.get_by_role("button", name="Bắt đầu học").first.click()
    page.wait_for_url(f"http://127.0.0.1:{ward.installation.port}/play/**")
    frame = lesson_frame(page)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert phone.cookies(f"http://127.0.0.1:{ward.installation.port}/") == []

    # Half way the tab is closed, without a word.
    middle = SOURCE.steps[3].id
    play(frame, SOURCE, until=middle)
    saved(page)
    page.close()

    # It is opened again, and goes on where it was; then the network goes.
    page = phone.new_page()
    page.goto(ward.address)
    page.get_by_role("button", name="Học tiếp").first.click()
    frame = lesson_frame(page)
    assert step(frame) == middle
    phone.set_offline(True)
    play(frame, SOURCE, until=SOURCE.steps[5].id)
    expect(page.locator("#save-state")).to_contain_text("Đang chờ mạng", timeout=30_000)
    phone.set_offline(False)
    saved(page)

    play(frame, SOURCE)
    page.locator("#leave").click()
    page.wait_for_url(f"{ward.address}/learn/**/result")
    assert faults(page) == []
    assert "100" in page.locator("main").inner_text()

    manager.reload()
    assert headline(manager).startswith("57/57 · 100%")
    assert faults(manager) == []
    manager.goto(f"{ward.address}/rates/explain?course={COURSE}&unit=10549&audience=officer&page=2")
    row = manager.locator("tr", has_text=f"Nguyễn Văn {OFFICERS[-1]}")
    row.get_by_role("link").last.click()
    statement = manager.locator("main").text_content() or ""
    assert "http://adlnet.gov/expapi/verbs/completed" in statement
    assert ward.iri in statement
    commands_say_the_same(ward)
    desk.close()
    phone.close()


def commands_say_the_same(ward: Ward) -> None:
    assert ward.rate() == (57, 57, 100.0)
    explained = ward.installation.json("explain", *ASKED)
    assert {person["code"] for person in explained["people"] if person["statement"]} == set(OFFICERS)
    assert ward.installation.json("tracking", "rebuild", "--check")["differences"] == 0


def test_the_same_by_keyboard_alone(browser: Browser, ward: Ward):
    context = new_context(browser, DESK)
    page = context.new_page()
    page.goto(f"{ward.address}/sign-in")
    tab_to(page, "#username")
    page.keyboard.type("elsewhere")
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{ward.address}/")
    tab_to(page, "main form button, main a.govuk-button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/play/**")
    frame = lesson_frame(page)
    play_by_keyboard(page, frame)
    tab_to(page, "#leave")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{ward.address}/learn/**/result")
    rate = ward.installation.json("rates", "--course", COURSE, "--unit", "10660", "--audience", "officer")
    assert (rate["completed"], rate["members"]) == (1, 1)
    context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press the tabulator key until the focus is there, in the page or in the lesson inside it."""
    for _ in range(80):
        for frame in page.frames:
            if frame.evaluate("s => document.hasFocus() && document.activeElement.matches(s)", selector):
                return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by the tabulator key")


def play_by_keyboard(page: Page, frame) -> None:
    exercises = {one.id: one for one in (*SOURCE.exercises(), *SOURCE.check.questions)}
    while (here := step(frame)) != SOURCE.result.id:
        if here in exercises and frame.inner_text("#next") == "Trả lời":
            choose_by_keyboard(page, exercises[here])
        tab_to(page, "#next")
        page.keyboard.press("Enter")


def choose_by_keyboard(page: Page, exercise) -> None:
    here = ".step:not([hidden])"
    for letter in right_letters(exercise):
        radios = page.frames[-1].locator(f"{here} .option input[type=radio]")
        if radios.count():
            tab_to(page, f"{here} .option input[type=radio]")
            wanted = page.frames[-1].locator(f"{here} .option[data-value={letter}] input")
            for _ in range(radios.count()):
                if wanted.evaluate("element => element.checked && document.activeElement === element"):
                    break
                page.keyboard.press("ArrowDown")
            else:
                page.keyboard.press("Space")
        else:
            tab_to(page, f"{here} .option[data-value={letter}] input, {here} .place[data-value={letter}]")
            page.keyboard.press("Space")
