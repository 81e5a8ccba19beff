import re
from html.parser import HTMLParser

import pytest
from lxml import etree

from courses.authoring import build_scorm12, read_lesson
from courses.errors import Refused
from tests.courses.authoring.sample import LESSON, write_lesson
from tests.courses.authoring.serving import files_of

MOST_CODE = 40_000


@pytest.fixture
def files(tmp_path):
    return files_of(build_scorm12(read_lesson(write_lesson(tmp_path))))


class Tags(HTMLParser):
    def __init__(self, page) -> None:
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_the_package_holds_page_style_script_pictures_and_manifest(files):
    assert sorted(files) == [
        "bdhvs-questions.json",
        "images/tree.svg",
        "imsmanifest.xml",
        "index.html",
        "lesson.css",
        "lesson.js",
    ]


def test_the_same_lesson_gives_the_same_bytes(tmp_path):
    lesson = read_lesson(write_lesson(tmp_path))
    assert build_scorm12(lesson) == build_scorm12(lesson)


def test_the_manifest_names_title_pass_mark_and_time(files):
    manifest = etree.fromstring(files["imsmanifest.xml"])
    text = {etree.QName(element).localname: element.text for element in manifest.iter()}
    assert text["title"] == "Bài mẫu & thử"
    assert text["masteryscore"] == "60"
    assert text["datetime"] == "PT5M"


def test_nothing_stands_inline_and_nothing_is_loaded_from_elsewhere(files):
    tags = Tags(files["index.html"].decode()).found
    assert not [tag for tag, attributes in tags if "style" in attributes or tag == "style"]
    assert not [attributes for _, attributes in tags if any(name.startswith("on") for name in attributes)]
    assert [attributes for tag, attributes in tags if tag == "script"] == [
        {"src": "lesson.js", "defer": None}
    ]
    addresses = [
        value for _, attributes in tags for name, value in attributes.items() if name in {"src", "href"}
    ]
    assert set(addresses) <= set(files)
    for name in ("lesson.js", "lesson.css"):
        assert not re.search(rb"https?://|@import|url\(", files[name])


def test_the_code_of_the_runtime_stays_small(files):
    assert len(files["lesson.js"]) + len(files["lesson.css"]) < MOST_CODE


def test_pictures_keep_their_place_while_they_load(files):
    image = next(attributes for tag, attributes in Tags(files["index.html"].decode()).found if tag == "img")
    assert (image["src"], image["width"], image["height"]) == ("images/tree.svg", "320", "170")


def test_things_to_put_in_order_are_shown_in_another_order(files):
    shown = re.findall(r'class="place" data-value="(.)"', files["index.html"].decode())
    assert sorted(shown) == ["a", "b", "c"]
    assert shown not in (["a", "b", "c"], ["c", "b", "a"])


def test_two_things_to_put_in_order_are_swapped(tmp_path):
    lesson = read_lesson(write_lesson(tmp_path, LESSON.replace("3. Ba\n", "")))
    page = files_of(build_scorm12(lesson))["index.html"].decode()
    assert re.findall(r'class="place" data-value="(.)"', page) == ["b", "a"]


def test_the_title_is_escaped(files):
    assert "<title>Bài mẫu &amp; thử</title>" in files["index.html"].decode()


def test_a_lesson_that_we_do_not_have_is_refused():
    with pytest.raises(Refused, match="no lesson called"):
        build_scorm12("khong-co")
