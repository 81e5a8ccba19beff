"""cmi5 course structures."""

import pytest

from courses.manifest import LangString, Objective, read
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


def test_what_should_be_an_attribute_may_be_an_element(tmp_path):
    inside = "<url>index.html</url><moveOn> Passed </moveOn><masteryScore>0.8</masteryScore>"
    found = course(tmp_path, f'<au id="urn:a">{inside}<launchMethod>OwnWindow</launchMethod></au>')
    (lesson,) = found.lessons
    assert (lesson.move_on, lesson.mastery_score, lesson.launch_method) == ("Passed", 0.8, "OwnWindow")
    said = "\n".join(map(str, found.warnings))
    assert "“urn:a” has moveOn as an element of cmi5.xml" in said
    assert "left out" not in said


def test_a_thousand_units_online_need_no_zip(tmp_path):
    units = "".join(f'<au id="urn:au:{n}"><url>http://example.org/{n}?a=b</url></au>' for n in range(1000))
    found = read(unpacked(tmp_path, {"cmi5.xml": cmi5_structure(units)}))
    assert len(found.lessons) == 1000
    assert (found.lessons[9].href, found.lessons[9].file, found.lessons[9].remote) == (
        "http://example.org/9?a=b",
        "",
        True,
    )
    assert sum("is not in the package" in str(one) for one in found.warnings) == 1


def test_units_in_the_zip_and_elsewhere_may_stand_side_by_side(tmp_path):
    found = course(tmp_path, UNIT + '<au id="urn:a:2"><url>https://example.org/Bài%201.html?x</url></au>')
    assert [(one.href, one.remote) for one in found.lessons] == [
        ("index.html?x=1", False),
        ("https://example.org/B%C3%A0i%201.html?x", True),
    ]
    assert "“urn:a:2” is not in the package but at example.org." in "\n".join(map(str, found.warnings))


def test_the_white_space_of_an_editor_is_not_part_of_a_value(tmp_path):
    laid_out = UNIT.replace("index.html?x=1", "\n  <![CDATA[ \n index.html?x=1&y=2 \n ]]>\n").replace(
        ">key<", ">\n   sample value\n  <"
    )
    (lesson,) = course(tmp_path, laid_out).lessons
    assert (lesson.href, lesson.entitlement_key) == ("index.html?x=1&y=2", "sample value")


def test_texts_are_kept_in_all_their_languages(tmp_path):
    found = course(tmp_path, UNIT)
    assert found.lessons[0].titles == (LangString("en", "One"), LangString("vi", "Một"))
    assert found.titles == (LangString("vi", "Khóa học"),)
    assert found.descriptions == (LangString("vi", "Mô tả"),)


@pytest.mark.parametrize(
    ("strings", "title"),
    [
        ('<langstring lang="en">One</langstring><langstring lang="vi-VN">Một</langstring>', "Một"),
        ('<langstring lang="en">One</langstring><langstring lang="vi"> </langstring>', "One"),
        ('<langstring lang="und">One</langstring><langstring lang="vie">?</langstring>', "One"),
        ("<langstring>One</langstring>", "One"),
        ("<langstring/>", "urn:a"),
        ("", "urn:a"),
    ],
)
def test_vietnamese_is_chosen_else_the_first(tmp_path, strings, title):
    contents = f'<au id="urn:a"><title>{strings}</title><url>index.html</url></au>'
    assert course(tmp_path, contents).lessons[0].title == title


def test_objectives_are_those_that_the_course_lists(tmp_path):
    listed = '<objective id="urn:o:1"><title><langstring lang="vi">Biết</langstring></title></objective>'
    refers = '<objectives><objective idref="urn:o:1"/><objective idref="urn:o:2"/></objectives>'
    block = f'<block id="urn:b"><title/>{refers}<au id="urn:a"><url>index.html</url></au></block>'
    found = course(tmp_path, f"<objectives>{listed}</objectives>{block}")
    assert found.objectives == (Objective("urn:o:1", titles=(LangString("vi", "Biết"),)),)
    assert found.organization.items[0].objectives == (Objective("urn:o:1"), Objective("urn:o:2"))
    said = "\n".join(map(str, found.warnings))
    assert "“urn:b” refers to the objective “urn:o:2”, which the course does not list." in said
    assert "“urn:o:1”" not in said


def test_what_others_add_is_kept_and_is_never_taken_for_the_units_own(tmp_path):
    extended = UNIT.replace("<url>", "<k:url>no.html</k:url><k:word idref='urn:w'>W</k:word><url>").replace(
        "<au ", '<au xmlns:k="urn:k" k:level="2" activityType="urn:lesson" '
    )
    (lesson,) = course(tmp_path, f'<k:au xmlns:k="urn:k" id="no iri"/>{extended}').lessons
    assert (lesson.href, lesson.activity_type) == ("index.html?x=1", "urn:lesson")
    assert [one.name for one in lesson.extensions] == ["{urn:k}url", "{urn:k}word", "{urn:k}level"]
    assert ">W</k:word>" in lesson.extensions[1].xml
    assert lesson.extensions[2].xml == "2"


@pytest.mark.parametrize(
    "namespace",
    ["http://www.adlnet.gov/cmi5/CourseStructure.xsd", "http://aicc.org/CMI5/CourseStructure.xsd"],
)
def test_older_namespaces_are_understood(tmp_path, namespace):
    current = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
    structure = cmi5_structure(UNIT).replace(current, namespace)
    assert read(unpacked(tmp_path / "a", {"cmi5.xml": structure, "index.html": PAGE})).lessons
    bare = structure.replace(f'xmlns="{namespace}"', "")
    assert read(unpacked(tmp_path / "b", {"cmi5.xml": bare, "index.html": PAGE})).lessons


def test_a_missing_title_is_noticed(tmp_path):
    found = course(tmp_path, UNIT + '<au id="urn:a:2"><url>index.html</url></au>')
    assert [str(one) for one in found.warnings if "title" in str(one)] == [
        "“urn:a:2” has no title in cmi5.xml."
    ]


def test_blocks_nest(tmp_path):
    inner = f'<block id="urn:b:2"><title><langstring>In</langstring></title>{UNIT}</block>'
    outer = f'<block id="urn:b:1"><title><langstring>Out</langstring></title>{inner}</block>'
    found = course(tmp_path, outer)
    assert found.lessons[0].parents == ("Out", "In")
    assert [item.identifier for item in found.organization.all_items] == [
        "urn:b:1",
        "urn:b:2",
        "https://example.org/au/1",
    ]
