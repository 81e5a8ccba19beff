"""cmi5 course structures."""

import pytest

from courses.errors import Refused
from courses.manifest import Objective, read
from tests.factories.packages import PAGE, cmi5_structure, unpacked

UNIT = (
    '<au id="https://example.org/au/1" moveOn="CompletedOrPassed" '
    'masteryScore="0.8" launchMethod="OwnWindow">'
    '<title><langstring lang="en">One</langstring><langstring lang="vi">Một</langstring></title>'
    '<objectives><objective idref="https://example.org/o/1"/></objectives>'
    "<url>index.html?x=1</url><launchParameters>{}</launchParameters><entitlementKey>key</entitlementKey></au>"
)


def course(folder, contents: str):
    return read(unpacked(folder, {"cmi5.xml": cmi5_structure(contents), "index.html": PAGE}))


def test_a_course_is_read(tmp_path):
    found = course(tmp_path, UNIT)
    assert (found.standard, found.identifier, found.title) == (
        "cmi5",
        "https://example.org/course",
        "Khóa học",
    )
    assert (found.description, found.language) == ("Mô tả", "vi")
    (lesson,) = found.lessons
    assert (lesson.identifier, lesson.title) == ("https://example.org/au/1", "Một")
    assert (lesson.href, lesson.file) == ("index.html?x=1", "index.html")
    assert (lesson.move_on, lesson.mastery_score) == ("CompletedOrPassed", 0.8)
    assert (lesson.launch_method, lesson.launch_parameters, lesson.entitlement_key) == (
        "OwnWindow",
        "{}",
        "key",
    )
    assert lesson.objectives == (Objective("https://example.org/o/1"),)


def test_blocks_are_chapters(tmp_path):
    block = f'<block id="https://example.org/b"><title><langstring>Block</langstring></title>{UNIT}</block>'
    assert course(tmp_path, block).lessons[0].parents == ("Block",)


def test_what_a_unit_leaves_out_has_the_defaults_of_the_specification(tmp_path):
    lesson = course(tmp_path, '<au id="urn:a"><url>index.html</url></au>').lessons[0]
    assert (lesson.title, lesson.move_on, lesson.launch_method) == ("urn:a", "NotApplicable", "AnyWindow")
    assert lesson.mastery_score is None


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        (UNIT + UNIT, "needs an id of its own"),
        ("<au><url>index.html</url></au>", "needs an id of its own"),
        ('<au id="urn:a"><url>gone.html</url></au>', "gone.html"),
        ("", "nothing that could be started"),
    ],
)
def test_a_broken_course_is_refused(tmp_path, contents, sentence):
    with pytest.raises(Refused) as caught:
        course(tmp_path, contents)
    assert sentence in str(caught.value)


def test_another_document_is_refused(tmp_path):
    with pytest.raises(Refused, match="does not describe a course"):
        read(unpacked(tmp_path, {"cmi5.xml": "<course/>"}))
