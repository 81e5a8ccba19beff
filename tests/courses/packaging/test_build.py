"""Building packages, and reading back what was built."""

import io
import zipfile
from pathlib import Path

import pytest

from courses.errors import Refused
from courses.manifest import Package, read
from courses.packaging import BuildItem, build, open_package

FILES = {"index.html": b"<p>one", "chapter/Bài 2.html": b"<p>two", "shared/style.css": b"p{}"}
LESSONS = [
    BuildItem(
        identifier="L1",
        title="Bài một: AI & <tôi>",
        href="index.html?from=menu#top",
        mastery_score=80,
        minutes=6,
        max_time_allowed="0001:00:00",
        time_limit_action="continue,no message",
        data_from_lms='{"level": 1}',
        prerequisites="L0",
        parameters="?mode=full",
    ),
    BuildItem(
        identifier="C1",
        title="Chương",
        items=(
            BuildItem(
                identifier="L2",
                title="Bài hai",
                href="chapter/B%C3%A0i%202.html",
                scorm_type="asset",
                minutes=5,
            ),
        ),
    ),
]


def built(files=FILES, **changes) -> bytes:
    return build(files, **{"identifier": "VN-1", "title": "Khóa học số", "lessons": LESSONS, **changes})


def read_back(archive: bytes, tmp_path: Path) -> Package:
    tmp_path.mkdir(exist_ok=True)
    open_package(io.BytesIO(archive), tmp_path / "one")
    return read(tmp_path / "one")


def test_what_was_built_reads_back_the_same(tmp_path):
    package = read_back(built(description="Mô tả", keywords=["số", "AI"]), tmp_path)
    assert (package.standard, package.identifier, package.title) == ("scorm12", "VN-1", "Khóa học số")
    assert (package.language, package.description, package.keywords) == ("vi", "Mô tả", ("số", "AI"))
    assert package.minutes == 11
    assert package.warnings == ()
    one, two = package.lessons
    assert (one.identifier, one.title, one.parents) == ("L1", "Bài một: AI & <tôi>", ())
    assert (one.href, one.file) == ("index.html?from=menu&mode=full#top", "index.html")
    assert (one.scorm_type, one.mastery_score, one.minutes) == ("sco", 80.0, 6)
    assert (one.max_time_allowed, one.time_limit_action) == ("0001:00:00", "continue,no message")
    assert (one.data_from_lms, one.prerequisites) == ('{"level": 1}', "L0")
    assert (two.identifier, two.parents, two.scorm_type) == ("L2", ("Chương",), "asset")
    assert (two.href, two.file) == ("chapter/B%C3%A0i%202.html", "chapter/Bài 2.html")
    assert (two.minutes, two.mastery_score) == (5, None)


def test_files_are_kept_byte_for_byte(tmp_path):
    opened = open_package(io.BytesIO(built()), tmp_path / "one")
    assert {file.path for file in opened.files} == {*FILES, "imsmanifest.xml"}
    assert all((opened.root / name).read_bytes() == content for name, content in FILES.items())


def test_the_same_content_gives_the_same_bytes_in_any_order():
    assert built() == built(dict(reversed(FILES.items())))


def test_the_manifest_names_its_standard_and_schemas():
    manifest = zipfile.ZipFile(io.BytesIO(built())).read("imsmanifest.xml").decode()
    assert "<schema>ADL SCORM</schema>" in manifest
    assert "<schemaversion>1.2</schemaversion>" in manifest
    assert "http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd" in manifest
    assert 'adlcp:scormtype="sco"' in manifest


def test_the_time_of_a_package_can_be_told_or_unknown(tmp_path):
    assert read_back(built(minutes=20), tmp_path).minutes == 20
    timeless = [BuildItem(identifier="L1", title="One", href="index.html")]
    assert read_back(built(lessons=timeless), tmp_path / "other").minutes is None


def test_files_of_one_lesson_alone_are_listed_with_it_and_the_rest_is_shared(tmp_path):
    lessons = [
        BuildItem(identifier="A", title="A", href="a.html", files=("a.css",)),
        BuildItem(identifier="B", title="B", href="b.html"),
    ]
    files = {"a.html": b"", "a.css": b"", "b.html": b"", "x.css": b""}
    manifest = zipfile.ZipFile(io.BytesIO(built(files, lessons=lessons))).read("imsmanifest.xml").decode()
    assert manifest.count('<file href="a.css"/>') == manifest.count('<file href="x.css"/>') == 1
    assert manifest.count('<dependency identifierref="RES-shared"/>') == 2


SPOKEN_EVERYWHERE = [
    BuildItem(identifier="L1", title="Một", href="index.html?a=1#top", mastery_score=80, parameters="&b=2"),
    BuildItem(
        identifier="C1",
        title="Chương",
        items=(
            BuildItem(identifier="L2", title="Hai", href="chapter/B%C3%A0i%202.html", scorm_type="asset"),
        ),
    ),
]


def test_scorm_2004_reads_back_the_same(tmp_path):
    package = read_back(
        built(standard="scorm2004", lessons=SPOKEN_EVERYWHERE, minutes=9, keywords=["số"]), tmp_path
    )
    assert (package.standard, package.edition) == ("scorm2004", "2004 4th Edition")
    assert (package.minutes, package.keywords, package.warnings) == (9, ("số",), ())
    one, two = package.lessons
    assert (one.identifier, one.mastery_score, one.scorm_type) == ("L1", 0.8, "sco")
    assert one.href == "index.html?a=1&b=2#top"
    assert (two.parents, two.scorm_type, two.mastery_score) == (("Chương",), "asset", None)
    assert package.organization.sequencing.control_mode.flow
    assert package.organization.items[0].sequencing.delivery.completion_set_by_content


def test_time_allowed_is_written_as_scorm_2004_wants_it(tmp_path):
    lessons = one(max_time_allowed="0001:30:00", time_limit_action="exit,message")
    lesson = read_back(built(standard="scorm2004", lessons=lessons), tmp_path).lessons[0]
    assert (lesson.max_time_allowed, lesson.time_limit_action) == ("PT1H30M0S", "exit,message")


def test_cmi5_reads_back_the_same(tmp_path):
    package = read_back(built(standard="cmi5", lessons=SPOKEN_EVERYWHERE, description="Mô tả"), tmp_path)
    assert (package.standard, package.title, package.description) == ("cmi5", "Khóa học số", "Mô tả")
    assert package.warnings == ()
    one, two = package.lessons
    assert (one.mastery_score, one.move_on, one.href) == (0.8, "CompletedAndPassed", "index.html?a=1&b=2#top")
    assert (two.parents, two.move_on, two.file) == (("Chương",), "NotApplicable", "chapter/Bài 2.html")
    assert one.identifier.endswith("#VN-1/L1")


@pytest.mark.parametrize("standard", ["scorm2004", "cmi5"])
def test_other_standards_give_the_same_bytes_each_time(standard):
    first = built(standard=standard, lessons=SPOKEN_EVERYWHERE)
    assert first == built(dict(reversed(FILES.items())), standard=standard, lessons=SPOKEN_EVERYWHERE)


def one(**changes) -> list[BuildItem]:
    return [BuildItem(**{"identifier": "L1", "title": "One", "href": "index.html", **changes})]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lessons": []}, "at least one lesson"),
        ({"lessons": one(href=None)}, "at least one lesson"),
        ({"lessons": one(href="missing.html")}, "needs the file missing.html"),
        ({"lessons": one(files=("gone.css",))}, "needs the file gone.css"),
        ({"lessons": one(title=" ")}, "need a title"),
        ({"title": ""}, "need a title"),
        ({"lessons": one(identifier="1st")}, "“1st” must be unique"),
        ({"lessons": one(identifier="a b")}, "“a b” must be unique"),
        ({"lessons": one() + one()}, "“L1” must be unique"),
        ({"lessons": one(identifier="VN-1")}, "“VN-1” must be unique"),
        ({"lessons": one(mastery_score=101)}, "between 0 and 100"),
        ({"lessons": one(minutes=0)}, "at least one minute"),
        ({"files": {"../a": b""}}, "points outside"),
        ({"files": {"a.html": b"", "A.html": b""}}, "used twice"),
        ({"files": {"IMSmanifest.xml": b""}}, "used twice"),
        ({"standard": "aicc"}, "standard aicc cannot be built"),
        ({"lessons": one(max_time_allowed="soon")}, "must look like 0001:30:00"),
        ({"standard": "scorm2004", "lessons": one(prerequisites="L0")}, "sets prerequisites"),
        ({"standard": "cmi5", "lessons": one(max_time_allowed="0001:00:00")}, "sets max_time_allowed"),
        ({"standard": "cmi5", "files": {"cmi5.xml": b""}}, "used twice"),
    ],
)
def test_a_plan_without_sense_is_refused(changes, sentence):
    with pytest.raises(Refused) as caught:
        built(**{"lessons": one(), **changes})
    assert sentence in str(caught.value)
