"""The Vietnamese catalogue: complete, well written as far as a program can tell, and on the pages."""

import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask, render_template
from flask.testing import FlaskClient

import hatch_build
from lms.core import i18n
from lms.core.web.language import COOKIE
from tests.conftest import Databases
from tests.factories.learning import make_course, make_people
from tests.lms.conftest import Cast, browser

FILE = hatch_build.TRANSLATIONS / "vi" / "LC_MESSAGES" / "messages.po"
PLACE = re.compile(r"%\(\w+\)[a-z]")
# Hoà, thuỷ: the mark stands on the last vowel, where the house writes it the older way (Hòa, thủy).
NEWER_TONES = re.compile(r"(?<!q)(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])\b", re.IGNORECASE)
ENDS = tuple(".?!:…")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return hatch_build._read(FILE)


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Every message with its Vietnamese; of one with a plural, the plural."""
    for message in catalogue:
        if message.id:
            english = message.id[-1] if isinstance(message.id, tuple) else message.id
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert len(texts) == 1, f"Vietnamese has one form for all numbers: {english}"
            yield english, texts[0]


def test_every_message_of_the_sources_is_translated_and_no_other_is_kept():
    assert hatch_build.check_translations() == []


def test_nothing_is_guessed_or_kept_from_before(catalogue: Catalog):
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_a_message_is_found_wherever_the_sources_give_one():
    found = {
        text
        for message in hatch_build._extracted()
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
    }
    assert {
        "Home",  # gettext in Python
        "Start learning",  # a template
        "%(n)s days left",  # ngettext
        "Type your password.",  # a validator
        "There is no such person.",  # NotFound
        "“%(text)s” is not an audience. Use officer or citizen.",  # after the parameter's name
        "“%(text)s” is not a year such as 1980.",  # handed on to be raised
        "The identifier %(identifier)s is used twice.",  # a notice about a package
    } <= found
    assert not [text for text in found if text.startswith("%(path)s:")], "programs are told in English"


def test_placeholders_are_the_same_on_both_sides(catalogue: Catalog):
    wrong = [
        english
        for english, vietnamese in pairs(catalogue)
        if sorted(PLACE.findall(english)) != sorted(PLACE.findall(vietnamese))
    ]
    assert wrong == []


def test_a_sentence_ends_as_its_original_does(catalogue: Catalog):
    def mark(text: str) -> str:
        return text[-1] if text.endswith(ENDS) else ""

    assert [english for english, words in pairs(catalogue) if mark(english) != mark(words)] == []


def test_letters_and_spaces_are_written_in_one_way(catalogue: Catalog):
    for _english, words in pairs(catalogue):
        assert unicodedata.is_normalized("NFC", words), words
        assert words == " ".join(words.split()), words
        assert not NEWER_TONES.search(words), words


def test_no_message_is_english_twice(catalogue: Catalog):
    same = [english for english, words in pairs(catalogue) if english == words and words_of(english)]
    assert same == []


class Words(HTMLParser):
    """What a page says to eyes, to screen readers and in its title."""

    SPOKEN = frozenset(("alt", "aria-label", "placeholder", "title", "data-label"))
    SILENT = frozenset(("script", "style"))

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.said += [value or "" for name, value in attrs if name in self.SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in self.SILENT:
            self.said.append(data)


def words_of(text: str) -> set[str]:
    """Words of three letters or more, in small letters."""
    return {word for word in re.findall(r"[^\W\d_]+", PLACE.sub(" ", text).lower()) if len(word) > 2}


@pytest.fixture(scope="module")
def english_words(catalogue: Catalog) -> set[str]:
    """Words that stand in messages and in no translation."""
    spoken = list(pairs(catalogue))
    english = set().union(*(words_of(text) for text, _ in spoken))
    return english - set().union(*(words_of(text) for _, text in spoken))


@pytest.fixture
def vietnamese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The catalogue as it stands in the sources, whatever was compiled before."""
    target = tmp_path / "translations" / "vi" / "LC_MESSAGES"
    target.mkdir(parents=True)
    shutil.copy(FILE, target)
    monkeypatch.setattr(hatch_build, "TRANSLATIONS", target.parent.parent)
    hatch_build.compile_translations()
    monkeypatch.setattr(i18n, "CATALOGUES", target.parent.parent)
    i18n._catalogue.cache_clear()
    yield
    i18n._catalogue.cache_clear()


def in_vietnamese(client: FlaskClient) -> FlaskClient:
    client.set_cookie(COOKIE, "vi", domain="localhost")
    return client


def leftovers(page: str, english: set[str]) -> set[str]:
    words = Words()
    words.feed(page)
    return (words_of(" ".join(words.said)) & english) - CHOICE


# What may be seen in English: the name of that language, where one chooses.
CHOICE = {"english"}
VISITOR = "a visitor"
PATHS = {
    VISITOR: [
        "/", "/lessons", "/courses/nhan-dien-lua-dao", "/sign-in", "/first-sign-in", "/help", "/privacy",
        "/no-such-page",
    ],
    "manager": [
        "/", "/account", "/rates", "/rates/missing", "/rates/explain", "/rates/units",
        "/rates?as_of=32/13/2026", "/rates?unit=10660", "/people/", "/people/imports/", "/people/slips/",
        "/assignments", "/assignments/new", "/jobs/",
    ],
    "administrator": ["/units/", "/units/imports/", "/manage/courses/", "/manage/courses/upload"],
}  # fmt: skip


@pytest.fixture
def databases(sqlite_databases: Databases) -> Iterator[Databases]:
    """One kind: no word of a page depends on the database."""
    yield sqlite_databases
    sqlite_databases.drop()


@pytest.fixture
def furnished(app: Flask, cast: Cast) -> None:
    """A course, and two officers and a citizen who have not begun it."""
    with app.extensions["lms"].database.transaction() as session:
        make_course(session, "nhan-dien-lua-dao")
        make_people(session, cast.commune, [("1", "Nguyễn Văn Ba"), ("2", "Trần Thị Tư")])
        make_people(session, cast.commune, [("3", "Lê Văn Năm")], audience="citizen")


@pytest.mark.usefixtures("vietnamese", "furnished")
@pytest.mark.parametrize("person", PATHS)
def test_pages_hold_no_english(
    app: Flask, signed_in: Callable[[str], FlaskClient], english_words: set[str], person: str
):
    client = in_vietnamese(browser(app) if person == VISITOR else signed_in(person))
    left = {}
    for path in PATHS[person]:
        page = client.get(path).get_data(as_text=True)
        assert '<html lang="vi"' in page, path
        left[path] = leftovers(page, english_words) - {person}
    assert {path: words for path, words in left.items() if words} == {}


@pytest.mark.usefixtures("vietnamese", "cast")
@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        ("/sign-in", {}, "Hãy gõ tên đăng nhập."),
        ("/sign-in", {"username": "manager", "password": "wrong"}, "Tên đăng nhập hoặc mật khẩu chưa đúng."),
        ("/first-sign-in", {}, "Hãy gõ mã trên phiếu."),
        ("/first-sign-in", {"code": "AAAAA-AAAAA"}, "Mã không đúng hoặc đã được dùng."),
    ],
)
def test_what_is_wrong_in_a_form_is_said_in_vietnamese(
    app: Flask, english_words: set[str], path: str, sent: dict[str, str], said: str
):
    client = in_vietnamese(browser(app))
    page = client.post(path, data=sent, follow_redirects=True).get_data(as_text=True)
    assert said in page
    assert leftovers(page, english_words) == set()


@pytest.mark.usefixtures("vietnamese", "furnished")
def test_what_a_field_says_by_itself_is_vietnamese_too(
    signed_in: Callable[[str], FlaskClient], english_words: set[str]
):
    client = in_vietnamese(signed_in("administrator"))
    sent = {"title": "", "topic": "9", "audience": "everyone", "minutes": "six"}
    page = client.post("/manage/courses/nhan-dien-lua-dao", data=sent).get_data(as_text=True)
    assert "Không có lựa chọn này." in page
    assert "Hãy nhập một số." in page
    assert "Hãy đặt tên khóa học" in page
    assert leftovers(page, english_words) - {"administrator"} == set()


@pytest.mark.usefixtures("vietnamese")
def test_error_pages_hold_no_english(app: Flask, english_words: set[str]):
    for status in (400, 403, 404, 413, 429, 500, 503):
        with app.test_request_context(), i18n.using("vi"):
            page = render_template(f"errors/{status}.html", sentence=None, number="12ab34cd")
        assert leftovers(page, english_words) == set(), status


@pytest.mark.usefixtures("vietnamese")
def test_english_would_be_found(app: Flask, english_words: set[str]):
    page = browser(app).get("/sign-in").get_data(as_text=True)
    assert {"sign", "user", "password", "account"} <= leftovers(page, english_words)
