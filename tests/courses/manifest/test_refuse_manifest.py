"""Manifests from which nothing could be played, and those that try something."""

import time

import pytest

from courses.errors import Refused
from courses.manifest import read
from tests.factories.packages import METADATA12, ONE_RESOURCE, manifest12, scorm12_folder, unpacked, zipped

ENTITY = '<!DOCTYPE manifest [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def refusal(folder, manifest) -> str:
    with pytest.raises(Refused) as caught:
        read(scorm12_folder(folder, manifest))
    return str(caught.value)


@pytest.mark.parametrize(
    "before",
    [
        ENTITY,
        LAUGHS,
        "<!DOCTYPE manifest>",
        f"<?xml version='1.0'?><!-- a --><?x y?>\n{ENTITY}",
        '<!DOCTYPE manifest SYSTEM "http://example.org/x.dtd">',
    ],
)
def test_a_document_type_is_refused(tmp_path, before):
    assert "contains a DOCTYPE" in refusal(tmp_path, before + manifest12())


def test_a_document_type_in_utf16_is_refused(tmp_path):
    assert "contains a DOCTYPE" in refusal(tmp_path, (ENTITY + manifest12()).encode("utf-16"))


def test_a_document_type_inside_a_comment_is_only_a_comment(tmp_path):
    assert read(scorm12_folder(tmp_path, f"<!-- {ENTITY.replace('--', '')} -->{manifest12()}")).lessons


@pytest.mark.parametrize(
    "manifest",
    ["", " ", "no xml", "<manifest>", manifest12()[:-5], "<manifest>&nbsp;<a></manifest>", "<a/><b/>"],
)
def test_broken_xml_is_refused(tmp_path, manifest):
    sentence = refusal(tmp_path, manifest.encode() or b"\n")
    assert "imsmanifest.xml is not correct XML (line" in sentence


def test_endless_nesting_is_refused(tmp_path):
    assert "not correct XML" in refusal(tmp_path, manifest12(items="<item>" * 5000 + "</item>" * 5000))


def test_a_huge_manifest_is_refused(tmp_path):
    assert "too large" in refusal(tmp_path, manifest12() + " " * 17 * 1024 * 1024)


def test_a_manifest_with_attributes_beyond_number_is_read_at_once(tmp_path):
    """lxml looks for the value of each from the first on: with 200,000 of them that took minutes."""
    many = " ".join(f'a{number}="1"' for number in range(40_000))
    started = time.process_time()
    folder = scorm12_folder(tmp_path, manifest12(attributes=many))
    assert read(folder).organization.lessons
    assert time.process_time() - started < 3


def test_an_endless_table_of_contents_is_refused(tmp_path):
    assert "more than 5000 lines" in refusal(tmp_path, manifest12(items="<item/>" * 5001))


def test_a_table_of_contents_that_multiplies_itself_is_refused(tmp_path):
    """A manifest whose items all mean a second one, whose items all mean a third one, and so on."""
    inside = "".join(
        f'<manifest identifier="M{number}"><organizations><organization>'
        + f'<item identifierref="{f"M{number + 1}" if number < 9 else "R1"}"/>' * 10
        + "</organization></organizations></manifest>"
        for number in range(10)
    )
    text = manifest12(items='<item identifierref="M0"/>').replace("</manifest>", f"{inside}</manifest>")
    assert "more than 5000 lines" in refusal(tmp_path, text)


def test_another_document_is_refused(tmp_path):
    assert "root is not “manifest”" in refusal(tmp_path, "<html><body/></html>")


@pytest.mark.parametrize("schema", ["IMS Content", "IMS Common Cartridge", ""])
def test_ims_content_that_is_not_scorm_is_refused(tmp_path, schema):
    manifest = (
        f'<manifest identifier="M" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1">{METADATA12}'
        '<organizations><organization identifier="O"><item identifierref="R"/></organization></organizations>'
        '<resources><resource identifier="R" type="webcontent" href="index.html"/></resources></manifest>'
    )
    assert "IMS package but not SCORM" in refusal(tmp_path, manifest.replace("ADL SCORM", schema))


def test_ims_content_that_only_borrows_a_word_of_scorm_is_refused(tmp_path):
    borrowed = manifest12(
        metadata="<metadata><schema>IMS Content</schema><adlcp:location>x.xml</adlcp:location></metadata>",
        resources=ONE_RESOURCE.replace('adlcp:scormtype="sco"', ""),
    )
    assert "IMS package but not SCORM (ims content)" in refusal(tmp_path, borrowed)


@pytest.mark.parametrize(
    "organizations", ["<organizations/>", "<organizations default='O1'></organizations>", "<x/>"]
)
def test_a_package_without_an_organization_is_refused(tmp_path, organizations):
    assert "has no organization" in refusal(tmp_path, manifest12(organizations=organizations))


def test_a_package_with_nothing_to_start_is_refused(tmp_path):
    sentence = refusal(tmp_path, manifest12(items='<item identifier="I"><title>Words</title></item>'))
    assert sentence == "The package “Course” has nothing that could be started."


def test_a_missing_resource_is_refused_by_name(tmp_path):
    sentence = refusal(tmp_path, manifest12(resources=ONE_RESOURCE.replace("R1", "R2")))
    assert "“Lesson one” needs the resource “R1”" in sentence


def test_a_resource_without_a_start_page_is_refused(tmp_path):
    sentence = refusal(tmp_path, manifest12(resources='<resource identifier="R1" adlcp:scormtype="sco"/>'))
    assert "“Lesson one” has no start page" in sentence


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"no imsmanifest\.xml or cmi5\.xml"):
        read(unpacked(tmp_path, {"index.html": "x"}))


def test_a_zip_within_the_zip_is_named(tmp_path):
    with pytest.raises(Refused, match=r"another zip \(lesson\.zip\)"):
        read(unpacked(tmp_path, {"lesson.zip": zipped({"imsmanifest.xml": b"x"})}))


def test_several_packages_side_by_side_are_refused(tmp_path):
    with pytest.raises(Refused, match=r"several packages \(a, b\)"):
        read(unpacked(tmp_path, {"a/imsmanifest.xml": manifest12(), "b/imsmanifest.xml": manifest12()}))
