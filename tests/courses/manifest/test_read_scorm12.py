"""SCORM 1.2 manifests that are in order, or odd but meant well."""

from pathlib import Path

import pytest

from courses.errors import Refused
from courses.manifest import Package, read
from tests.factories.packages import (
    ADLCP12,
    CP12,
    METADATA12,
    ONE_ITEM,
    ONE_RESOURCE,
    PAGE,
    manifest12,
    scorm12_folder,
    unpacked,
)


def package(folder: Path, manifest: str | bytes | None = None, **files: bytes) -> Package:
    return read(scorm12_folder(folder, manifest, **files))


def messages(found: Package) -> str:
    return "\n".join(map(str, found.warnings))


def item(inside: str, attributes: str = "") -> str:
    return f'<item identifier="I1" identifierref="R1" {attributes}><title>One</title>{inside}</item>'


def test_a_plain_package_is_read_without_a_warning(tmp_path):
    found = package(tmp_path)
    assert (found.standard, found.edition, found.identifier, found.title) == (
        "scorm12",
        "1.2",
        "M1",
        "Course",
    )
    assert found.manifest == "imsmanifest.xml"
    (lesson,) = found.lessons
    assert (lesson.identifier, lesson.title) == ("I1", "Lesson one")
    assert (lesson.href, lesson.file) == ("index.html", "index.html")
    assert (lesson.scorm_type, lesson.visible, lesson.parents) == ("sco", True, ())
    assert found.warnings == ()


def test_run_time_data_is_read(tmp_path):
    inside = (
        '<adlcp:prerequisites type="aicc_script">A&amp;B</adlcp:prerequisites>'
        "<adlcp:maxtimeallowed>0000:30:00</adlcp:maxtimeallowed>"
        "<adlcp:timelimitaction>Exit, message</adlcp:timelimitaction>"
        "<adlcp:datafromlms> keep\n my spaces </adlcp:datafromlms>"
        "<adlcp:masteryscore>80</adlcp:masteryscore>"
    )
    lesson = package(tmp_path, manifest12(items=item(inside))).lessons[0]
    assert lesson.prerequisites == "A&B"
    assert lesson.max_time_allowed == "0000:30:00"
    assert lesson.time_limit_action == "exit,message"
    assert lesson.data_from_lms == " keep\n my spaces "
    assert lesson.mastery_score == 80.0


@pytest.mark.parametrize(
    ("written", "score"), [("72.5", 72.5), ("72,5", 72.5), (" 80 % ", 80.0), ("0", 0.0), ("", None)]
)
def test_a_mastery_score_is_understood_as_people_write_it(tmp_path, written, score):
    found = package(tmp_path, manifest12(items=item(f"<adlcp:masteryscore>{written}</adlcp:masteryscore>")))
    assert found.lessons[0].mastery_score == score
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("masteryscore", "all"),
        ("masteryscore", "120"),
        ("masteryscore", "nan"),
        ("maxtimeallowed", "one hour"),
        ("timelimitaction", "explode"),
    ],
)
def test_a_value_without_sense_is_ignored_with_a_warning(tmp_path, name, written):
    found = package(tmp_path, manifest12(items=item(f"<adlcp:{name}>{written}</adlcp:{name}>")))
    lesson = found.lessons[0]
    assert (lesson.mastery_score, lesson.max_time_allowed, lesson.time_limit_action) == (None, "", "")
    assert f"“{written}” of {name} in “One”" in messages(found)


def test_names_are_matched_without_case_or_namespace(tmp_path):
    manifest = (
        '<Manifest Identifier="M1" xmlns:x="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
        "<MetaData><Schema>ADL SCORM</Schema><SchemaVersion>1.2</SchemaVersion></MetaData>"
        '<Organizations Default="O1"><Organization Identifier="O1"><Title>Course</Title>'
        '<Item Identifier="I1" IdentifierRef="R1" IsVisible="FALSE"><Title>One</Title>'
        "<MasteryScore>50</MasteryScore>"
        "<x:dataFromLMS>d</x:dataFromLMS></Item></Organization></Organizations>"
        '<Resources><Resource Identifier="R1" x:scormType="SCO" Href="index.html"/></Resources></Manifest>'
    )
    (lesson,) = package(tmp_path, manifest).lessons
    assert (lesson.mastery_score, lesson.data_from_lms, lesson.scorm_type) == (50.0, "d", "sco")
    assert not lesson.visible


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "<metadata/>",
        "<metadata><schema>ADL SCORM</schema></metadata>",
        "<metadata><schema>ADL SCORM</schema><schemaversion> SCORM 1.2 </schemaversion></metadata>",
        "<metadata><schemaversion>1.1.2</schemaversion></metadata>",
    ],
)
def test_a_missing_or_odd_schema_version_is_scorm_12(tmp_path, metadata):
    assert package(tmp_path, manifest12(metadata=metadata)).standard == "scorm12"


NESTED = (
    '<item identifier="A"><title>Chapter</title>'
    '<item identifier="B"><title>Part</title>'
    '<item identifier="C" identifierref="R1"><title>Deep</title></item></item>'
    '<item identifier="D" identifierref="R1" isvisible="false"><title>Hidden</title></item></item>'
    '<item identifier="E" identifierref="R1"><title>Last</title>'
    '<item identifier="F" identifierref="R1"><title>Below a lesson</title></item></item>'
)


def test_nested_items_are_lessons_in_reading_order_with_the_chapters_above_them(tmp_path):
    found = package(tmp_path, manifest12(items=NESTED))
    assert [(lesson.identifier, lesson.parents) for lesson in found.lessons] == [
        ("C", ("Chapter", "Part")),
        ("D", ("Chapter",)),
        ("E", ()),
        ("F", ("Last",)),
    ]
    assert [lesson.visible for lesson in found.lessons] == [True, False, True, True]
    chapter = found.organization.items[0]
    assert (chapter.title, chapter.lesson, [one.identifier for one in chapter.items]) == (
        "Chapter",
        None,
        ["B", "D"],
    )


def test_hundreds_of_items_are_read(tmp_path):
    items = "".join(
        f'<item identifier="I{n}" identifierref="R1"><title>{n}</title></item>' for n in range(202)
    )
    assert len(package(tmp_path, manifest12(items=items)).lessons) == 202


def test_a_heading_without_lessons_is_kept_and_noticed(tmp_path):
    found = package(
        tmp_path, manifest12(items='<item identifier="H"><title>Just words</title></item>' + ONE_ITEM)
    )
    assert [one.identifier for one in found.organization.items] == ["H", "I1"]
    assert len(found.lessons) == 1
    assert "“Just words” is only a heading" in messages(found)


def test_repeated_and_missing_item_identifiers_are_made_unique(tmp_path):
    unnamed = '<item identifierref="R1"><title>Unnamed</title></item>'
    found = package(tmp_path, manifest12(items=ONE_ITEM + ONE_ITEM + unnamed + unnamed))
    assert [lesson.identifier for lesson in found.lessons] == ["I1", "I1-2", "item", "item-2"]
    assert messages(found) == "The identifier I1 is used twice."


def organization(identifier: str, ref: str = "R1") -> str:
    return (
        f'<organization identifier="{identifier}"><title>{identifier} title</title>'
        f'<item identifier="I1" identifierref="{ref}"><title>One</title></item></organization>'
    )


def test_of_several_organizations_the_default_one_counts(tmp_path):
    both = f'<organizations default="O2">{organization("O1")}{organization("O2")}</organizations>'
    found = package(tmp_path, manifest12(organizations=both))
    assert [one.identifier for one in found.organizations] == ["O1", "O2"]
    assert (found.default_organization, found.title) == ("O2", "O2 title")


@pytest.mark.parametrize(("default", "warned"), [('default="GONE"', True), ("", False)])
def test_without_its_default_the_first_organization_with_items_is_used(tmp_path, default, warned):
    empty = '<organization identifier="O0"><title>Empty</title></organization>'
    found = package(
        tmp_path,
        manifest12(organizations=f"<organizations {default}>{empty}{organization('O1')}</organizations>"),
    )
    assert found.default_organization == "O1"
    assert ("“GONE” does not exist or is empty; “O1” is used" in messages(found)) is warned


def test_a_broken_organization_beside_a_good_default_one_is_left_out(tmp_path):
    both = f'<organizations default="O1">{organization("O1")}{organization("O2", "GONE")}</organizations>'
    found = package(tmp_path, manifest12(organizations=both))
    assert [one.identifier for one in found.organizations] == ["O1"]
    assert "“GONE”" in messages(found)


def test_organizations_of_one_identifier_are_told_apart(tmp_path):
    both = f"<organizations default='O1'>{organization('O1')}{organization('O1')}</organizations>"
    found = package(tmp_path, manifest12(organizations=both))
    assert [one.identifier for one in found.organizations] == ["O1", "O1-2"]


def test_of_two_resources_of_one_identifier_the_first_counts(tmp_path):
    resources = ONE_RESOURCE + ONE_RESOURCE.replace("index.html", "gone.html")
    found = package(tmp_path, manifest12(resources=resources))
    assert found.lessons[0].file == "index.html"
    assert "The identifier R1 is used twice." in messages(found)


def test_a_chapter_may_point_to_files_without_a_start_page(tmp_path):
    chapter = f'<item identifier="A" identifierref="R2"><title>Chapter</title>{ONE_ITEM}</item>'
    found = package(
        tmp_path, manifest12(items=chapter, resources=f'{ONE_RESOURCE}<resource identifier="R2"/>')
    )
    assert [lesson.parents for lesson in found.lessons] == [("Chapter",)]


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Bài   một\n  hai", "Bài một hai"),
        ("Learn <b>AI</b> now", "Learn AI now"),
        ("&lt;p&gt;Bài &lt;b style='x'&gt;một&lt;/b&gt;&amp;nbsp;&lt;br/&gt;&lt;/p&gt;", "Bài một"),
        ("1 &lt; 2 &amp; 3 &gt; 2", "1 < 2 & 3 > 2"),
        ("A &amp;amp; B", "A & B"),
        ("<![CDATA[A & B]]>", "A & B"),
        ("One<!-- a note --><?and more?> two", "One two"),
        ("Bài \u202emột\u202c\u2066!\u2069 &amp;#7;", "Bài một!"),
        ("", "Lesson"),  # what its page calls itself
    ],
)
def test_a_title_is_plain_text_on_one_line(tmp_path, title, plain):
    items = f'<item identifier="I1" identifierref="R1"><title>{title}</title></item>'
    assert package(tmp_path, manifest12(items=items)).lessons[0].title == plain


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (b"<TITLE lang=vi>\n B\xc3\xa0i &amp; b\xc3\xa0i </TITLE>", "Bài & bài"),
        (b"<title>Caf\xe9</title>", "Café"),
        (b"<title>&lt;script&gt;x</title>", "I1"),
        (b"<title> </title>", "I1"),
        (b"\x00\xff%PDF", "I1"),
    ],
)
def test_a_lesson_without_a_title_has_that_of_its_page(tmp_path, page, title):
    manifest = manifest12(items='<item identifier="I1" identifierref="R1"><title/></item>')
    found = read(unpacked(tmp_path, {"imsmanifest.xml": manifest, "index.html": page}))
    assert found.lessons[0].title == found.organization.items[0].title == title


def test_a_resource_without_scormtype_is_an_asset_and_noticed(tmp_path):
    found = package(tmp_path, manifest12(resources='<resource identifier="R1" href="index.html"/>'))
    assert found.lessons[0].scorm_type == "asset"
    assert "does not say whether it reports its result" in messages(found)


@pytest.mark.parametrize("name", ["IMSMANIFEST.XML", "course/imsmanifest.xml", "a/b/ImsManifest.xml"])
def test_the_manifest_is_found_in_capitals_and_in_folders(tmp_path, name):
    folder = name.rpartition("/")[0]
    page = f"{folder}/index.html".lstrip("/")
    found = read(unpacked(tmp_path, {name: manifest12(), page: PAGE}))
    assert (found.manifest, found.lessons[0].file) == (name, page)
    assert ("The manifest is in the folder" in messages(found)) is bool(folder)


def test_the_manifest_nearest_the_top_is_the_one(tmp_path):
    inner = manifest12().replace("Course", "Inner")
    found = read(
        unpacked(tmp_path, {"imsmanifest.xml": manifest12(), "index.html": PAGE, "x/imsmanifest.xml": inner})
    )
    assert found.title == "Course"


def test_resources_of_a_nested_manifest_are_found(tmp_path):
    nested = f'<manifest identifier="M2"><resources>{ONE_RESOURCE}</resources></manifest>'
    manifest = manifest12(resources="").replace("</manifest>", f"{nested}</manifest>")
    assert len(package(tmp_path, manifest).lessons) == 1


def test_a_scorm_manifest_beside_a_cmi5_one_is_preferred(tmp_path):
    assert package(tmp_path, cmi5_xml=b"<courseStructure/>").standard == "scorm12"


def test_an_undeclared_but_typed_package_is_scorm(tmp_path):
    manifest = manifest12(metadata=METADATA12.replace("ADL SCORM", "IMS Content").replace("1.2", "1.1.2"))
    assert package(tmp_path, manifest.replace(CP12, "urn:x").replace(ADLCP12, "urn:y")).standard == "scorm12"


@pytest.mark.parametrize(
    "title",
    [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<script>alert(1)</script>",
        "One&lt;img src=x onerror=alert(1)&gt;",
        "&lt;a href='javascript:alert(1)'&gt;here&lt;/a&gt;",
        "&lt;svg/onload=alert(1)&gt;",
    ],
)
def test_a_title_that_holds_a_program_is_refused(tmp_path, title):
    items = f'<item identifier="I1" identifierref="R1"><title>{title}</title></item>'
    with pytest.raises(Refused, match="holds a program"):
        package(tmp_path, manifest12(items=items))
