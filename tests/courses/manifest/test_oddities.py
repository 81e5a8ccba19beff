"""Oddities of real SCORM packages that are read all the same."""

import pytest

from courses.errors import Refused
from courses.manifest import prerequisites_met, read
from tests.courses.manifest.sequencing import item, manifest, sequencing
from tests.factories.packages import ONE_ITEM, ONE_RESOURCE, PAGE, manifest12, scorm12_folder, unpacked


def messages(package) -> str:
    return "\n".join(map(str, package.warnings))


def test_items_may_nest_two_hundred_deep(tmp_path):
    opening = "".join(f'<item identifier="C{n}"><title>{n}</title>' for n in range(200))
    lesson = '<item identifier="L" identifierref="R1"><title>Deep</title></item>'
    found = read(scorm12_folder(tmp_path, manifest12(items=opening + lesson + "</item>" * 200)))
    assert [(one.identifier, len(one.parents)) for one in found.lessons] == [("L", 200)]
    assert len(found.organization.all_items) == 201


def inner(identifier: str = "INNER", items: str = "") -> str:
    items = items or '<item identifier="IN" identifierref="R1"><title>Inside</title></item>'
    return (
        f'<manifest identifier="{identifier}"><organizations default="IO"><organization identifier="IO">'
        f"<title>Inner</title>{items}</organization></organizations>"
        '<resources xml:base="sub/"><resource identifier="R2" adlcp:scormtype="sco" href="two.html"/>'
        "</resources></manifest>"
    )


def with_inner(folder, items: str, inside: str):
    text = manifest12(items=items).replace("</resources></manifest>", f"</resources>{inside}</manifest>")
    return read(scorm12_folder(folder, text, sub__two_html=PAGE))


def test_an_item_may_refer_to_a_manifest_inside_the_manifest(tmp_path):
    inside = inner(items='<item identifier="IN" identifierref="R2"><title>Inside</title></item>')
    chapter = '<item identifier="C" identifierref="INNER"><title>Chapter</title></item>'
    found = with_inner(tmp_path, chapter, inside)
    assert [(one.identifier, one.file, one.parents) for one in found.lessons] == [
        ("IN", "sub/two.html", ("Chapter",))
    ]
    assert "only a heading" not in messages(found)


def test_a_manifest_that_contains_itself_is_refused(tmp_path):
    inside = inner(items='<item identifier="IN" identifierref="INNER"><title>Again</title></item>')
    chapter = '<item identifier="C" identifierref="INNER"><title>Chapter</title></item>'
    with pytest.raises(Refused, match="The manifest “INNER” contains itself"):
        with_inner(tmp_path, chapter, inside)


def test_the_files_of_a_dependency_belong_to_the_package(tmp_path):
    depending = ONE_RESOURCE.replace("/>", '><dependency identifierref="SHARED"/></resource>')
    shared = '<resource identifier="SHARED" type="webcontent"><file href="shared.js"/></resource>'
    whole = scorm12_folder(tmp_path / "a", manifest12(resources=depending + shared), shared_js=b"")
    assert messages(read(whole)) == ""
    lacking = scorm12_folder(tmp_path / "b", manifest12(resources=depending))
    assert "“R1” builds on “SHARED”, which the manifest does not list." in messages(read(lacking))


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (["tincan.xml", "index.html"], "a Tin Can package"),
        (["course.crs", "course.au", "course.des", "course.cst"], "an AICC package"),
        (["h5p.json", "content/content.json"], "an H5P file"),
        (["contentv3.xml", "content.data"], "a project of eXeLearning"),
        (["index.html"], "has no imsmanifest.xml or cmi5.xml"),
    ],
)
def test_what_is_another_kind_of_package_is_named(tmp_path, files, sentence):
    with pytest.raises(Refused) as caught:
        read(unpacked(tmp_path, dict.fromkeys(files, b"x")))
    assert sentence in str(caught.value)
    assert "Export" in str(caught.value)


def test_a_second_edition_package_with_text_as_threshold_and_sequencing_on_a_chapter_is_read(tmp_path):
    text = manifest(
        item("C", item("A", "<adlcp:dataFromLMS> a=1 </adlcp:dataFromLMS>") + sequencing(), launch=False)
    ).replace("2004 4th Edition", "CAM 1.3")
    found = read(unpacked(tmp_path, {"imsmanifest.xml": text, "index.html": PAGE}))
    assert (found.edition, found.lessons[0].data_from_lms) == ("2004 2nd Edition", " a=1 ")
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("expression", "met"),
    [
        ("", True),
        ("A", True),
        ("B", False),
        ("UNKNOWN", False),
        ("A&B", False),
        ("A|B", True),
        ("~B", True),
        ("A & (B | C)", True),
        ("A&~C", False),
        ('A="passed"', True),
        ("A=p", True),
        ('B<>"incomplete"', False),
        ('"A" = "PASSED"', True),
        ("2*{A, B, C}", True),
        ("3*{A, B, C}", False),
        ("1*{B, A&C}", True),
        ("A&", True),
        ("((((", True),
        ("~" * 9000 + "B", True),
        ("(" * 9000 + "B", True),
    ],
)
def test_prerequisites_are_decided(expression, met):
    statuses = {"A": "passed", "B": "incomplete", "C": "completed"}
    assert prerequisites_met(expression, statuses) is met


def test_prefixes_that_nobody_declared_are_understood(tmp_path):
    text = manifest12(attributes='xsi:schemaLocation="a b"').replace("xmlns:adlcp", "xmlns:other")
    found = read(scorm12_folder(tmp_path, f"<!-- <manifest> -->{text}"))
    assert [(one.title, one.scorm_type) for one in found.lessons] == [("Lesson one", "sco")]


def test_a_default_organization_that_is_empty_gives_way(tmp_path):
    full = f'<organization identifier="B"><title>Full</title>{ONE_ITEM}</organization>'
    empty = '<organization identifier="A"><title>Empty</title></organization>'
    both = f'<organizations default="A">{empty}{full}</organizations>'
    found = read(scorm12_folder(tmp_path, manifest12(organizations=both)))
    assert (found.title, found.default_organization) == ("Full", "B")
    assert "“A” does not exist or is empty; “B” is used" in messages(found)


def test_a_chapter_may_refer_to_a_resource_that_is_not_there(tmp_path):
    chapter = f'<item identifier="C" identifierref="GONE"><title>Chapter</title>{ONE_ITEM}</item>'
    found = read(scorm12_folder(tmp_path, manifest12(items=chapter)))
    assert [(one.title, one.parents) for one in found.lessons] == [("Lesson one", ("Chapter",))]
    assert "“Chapter” needs the resource “GONE”" in messages(found)


UNTYPED = '<resource identifier="R1" type="webcontent" href="index.html"/>'


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"index.html": "<script>parent.API.LMSInitialize('')</script>"}, "sco"),
        ({"index.html": "<script src = 'js/A%20b.js?v=2'>", "js/a b.js": "win.API_1484_11"}, "sco"),
        ({"index.html": '<frameset><frame src="in/f.htm">', "in/f.htm": "<script src=../s.js>"}, "asset"),
        (
            {
                "index.html": '<frameset><frame src="in/f.htm">',
                "in/f.htm": "<script src=../s.js>",
                "s.js": "LMSInitialize",
            },
            "sco",
        ),
        ({"index.html": "<p>LMS", "other.html": "LMSInitialize"}, "asset"),
        ({"index.html": "<iframe src=index.html>" * 99}, "asset"),
    ],
)
def test_a_lesson_of_no_type_reports_if_its_pages_do(tmp_path, files, kind):
    folder = unpacked(tmp_path, {"imsmanifest.xml": manifest12(resources=UNTYPED), **files})
    found = read(folder)
    assert found.lessons[0].scorm_type == kind
    assert ("Its pages do" in messages(found)) is (kind == "sco")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("A & B &c; &nbsp; &eacute;&Lt;", "A & B &c; é≪"),
        ("A &amp;#233; &amp;lt;b&amp;gt; &amp;nbsp;&amp;quot;B&amp;quot;", 'A é &lt;b&gt; "B"'),
        ("<![CDATA[A &amp; B]]> & <!-- & -->C\x0b", "A & B & C"),
        ("&LT;b&GT; & <![CDATA[C & D]]>", "& C & D"),
    ],
)
def test_letters_are_read_as_they_are_meant_by_those_who_write_xml_by_hand(tmp_path, written, title):
    text = manifest12(items=f'<item identifier="I1" identifierref="R1"><title>{written}</title></item>')
    assert read(scorm12_folder(tmp_path, text)).lessons[0].title == title


def test_what_cannot_be_closed_is_searched_once(tmp_path):
    text = manifest12().replace("</manifest>", "<![CDATA[" * 200_000 + "<!--" * 200_000)
    with pytest.raises(Refused, match="not correct XML"):
        read(scorm12_folder(tmp_path, text))


@pytest.mark.parametrize(
    ("page", "kind", "told"), [(b"API.LMSInitialize('')", "sco", True), (b"", "asset", False)]
)
def test_an_asset_that_talks_to_a_run_time_is_a_lesson_with_a_result(tmp_path, page, kind, told):
    text = manifest12(resources=ONE_RESOURCE.replace('"sco"', '"asset"'))
    found = read(scorm12_folder(tmp_path, text, index_html=b"<script>" + page + b"</script>"))
    assert found.lessons[0].scorm_type == kind
    assert ("is said to report no result" in messages(found)) is told
