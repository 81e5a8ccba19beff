"""Learning object metadata: time, language, description, keywords."""

import pytest

from courses.manifest import read
from courses.manifest.durations import minutes_of
from tests.factories.packages import METADATA12, ONE_RESOURCE, manifest12, scorm12_folder

LOM = (
    "<imsmd:lom><imsmd:general>"
    '<imsmd:title><imsmd:langstring xml:lang="en">Title</imsmd:langstring></imsmd:title>'
    "<imsmd:language>vi</imsmd:language>"
    '<imsmd:description><imsmd:langstring xml:lang="en">Text</imsmd:langstring>'
    '<imsmd:langstring xml:lang="vi-VN">Mô tả</imsmd:langstring></imsmd:description>'
    "<imsmd:keyword><imsmd:langstring>số</imsmd:langstring></imsmd:keyword>"
    "<imsmd:keyword><imsmd:langstring>AI</imsmd:langstring><imsmd:langstring>số</imsmd:langstring></imsmd:keyword>"
    "</imsmd:general><imsmd:educational><imsmd:typicallearningtime><imsmd:datetime>{time}</imsmd:datetime>"
    "</imsmd:typicallearningtime></imsmd:educational></imsmd:lom>"
)


def with_lom(time: str = "PT7M") -> str:
    return METADATA12.replace("</metadata>", LOM.format(time=time) + "</metadata>")


def item(inside: str, identifier: str = "I1") -> str:
    return f'<item identifier="{identifier}" identifierref="R1"><title>One</title>{inside}</item>'


def timed(minutes: int) -> str:
    return f"<metadata>{LOM.format(time=f'PT{minutes}M')}</metadata>"


def test_the_packages_metadata_is_read(tmp_path):
    found = read(scorm12_folder(tmp_path, manifest12(metadata=with_lom())))
    assert (found.language, found.description, found.keywords) == ("vi", "Mô tả", ("số", "AI"))
    assert found.minutes == 7
    assert found.lessons[0].language == "vi"
    assert found.lessons[0].minutes is None


def test_the_time_of_a_lesson_is_its_own_or_its_resources(tmp_path):
    resource = ONE_RESOURCE.replace("/>", f">{timed(9)}</resource>")
    found = read(
        scorm12_folder(tmp_path, manifest12(items=item(timed(4)) + item("", "I2"), resources=resource))
    )
    assert [lesson.minutes for lesson in found.lessons] == [4, 9]
    assert found.minutes == 13


def test_the_time_of_a_package_is_unknown_while_that_of_a_lesson_is(tmp_path):
    found = read(scorm12_folder(tmp_path, manifest12(items=item(timed(4)) + item("", "I2"))))
    assert found.minutes is None


def test_metadata_in_a_file_of_its_own_is_read(tmp_path):
    metadata = METADATA12.replace("</metadata>", "<adlcp:location>lom.xml</adlcp:location></metadata>")
    lom = LOM.format(time="PT5M").replace("imsmd:", "").encode()
    assert read(scorm12_folder(tmp_path, manifest12(metadata=metadata), lom_xml=lom)).minutes == 5


@pytest.mark.parametrize("lom", [b"<!DOCTYPE lom><lom/>", b"<lom>"])
def test_unacceptable_metadata_in_a_file_is_only_noticed(tmp_path, lom):
    metadata = METADATA12.replace("</metadata>", "<adlcp:location>lom.xml</adlcp:location></metadata>")
    found = read(scorm12_folder(tmp_path, manifest12(metadata=metadata), lom_xml=lom))
    assert found.minutes is None
    assert any("lom.xml" in str(notice) for notice in found.warnings)


@pytest.mark.parametrize("location", ["gone.xml", "http://example.org/lom.xml", "../outside.xml", ""])
def test_metadata_that_is_missing_or_elsewhere_is_not_sought(tmp_path, location):
    metadata = METADATA12.replace("</metadata>", f"<adlcp:location>{location}</adlcp:location></metadata>")
    assert read(scorm12_folder(tmp_path, manifest12(metadata=metadata))).minutes is None


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("PT6M", 6),
        ("PT1H30M", 90),
        ("pt6m30s", 7),
        ("PT90S", 2),
        ("P1DT1H", 1500),
        ("PT0.5H", 30),
        ("0000-00-00T00:45", 45),
        ("0000-00-00T01:05:30", 66),
        ("00:20:00", 20),
        ("0", None),
        ("PT0S", None),
        ("P", None),
        ("PT", None),
        ("", None),
        ("about an hour", None),
        ("P999Y", None),
        (f"PT{'9' * 400}S", None),
        ("2004-01-01T00:45", None),
    ],
)
def test_learning_times_are_whole_minutes(written, minutes):
    assert minutes_of(written) == minutes
