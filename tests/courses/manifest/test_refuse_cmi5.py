"""Course structures that cannot be played: what the public LMS tests of cmi5 refuse, and more of the kind."""

import pytest

from courses.errors import Refused
from courses.manifest import Package, read
from tests.factories.packages import PAGE, cmi5_structure, unpacked

ONLINE = "https://example.org/lesson/index.html"


def texts(title: str) -> str:
    string = f'<langstring lang="en">{title}</langstring>'
    return f"<title>{string}</title><description>{string}</description>"


def unit(identifier: str = "https://example.org/au/1", url: str = ONLINE, attributes: str = "") -> str:
    return f'<au id="{identifier}" {attributes}>{texts("Unit")}<url>{url}</url></au>'


def block(identifier: str, inside: str) -> str:
    return f'<block id="{identifier}">{texts("Block")}{inside}</block>'


def objectives(*identifiers: str) -> str:
    inside = "".join(f'<objective id="{one}">{texts("Objective")}</objective>' for one in identifiers)
    return f"<objectives>{inside}</objectives>"


def alone(folder, contents: str) -> Package:
    """A cmi5.xml without a zip."""
    return read(unpacked(folder, {"cmi5.xml": cmi5_structure(contents)}))


def zipped(folder, contents: str) -> Package:
    return read(
        unpacked(folder, {"cmi5.xml": cmi5_structure(contents), "index.html": PAGE, "a b.html": PAGE})
    )


def refusal(reading, folder, contents: str) -> str:
    with pytest.raises(Refused) as caught:
        reading(folder, contents)
    return str(caught.value)


NO_IRI = "example.org/no-scheme"


@pytest.mark.parametrize(
    "contents",
    [
        unit(NO_IRI),
        block(NO_IRI, unit()),
        objectives(NO_IRI) + unit(),
        unit("https://example.org/a b"),
        unit("/au/1"),
        unit("https:"),
        unit("https:course"),
        unit("https://example.org/100%"),
        unit("https://example.org/#a#b"),
    ],
)
def test_an_id_that_is_no_whole_iri_is_refused(tmp_path, contents):
    assert "is not a whole IRI. It must begin like https://" in refusal(alone, tmp_path, contents)


def test_a_course_with_an_id_that_is_no_iri_is_refused(tmp_path):
    structure = cmi5_structure(unit()).replace("https://example.org/course", "example.org/course")
    with pytest.raises(Refused, match=r"\(course\) in cmi5"):
        read(unpacked(tmp_path, {"cmi5.xml": structure}))


@pytest.mark.parametrize(
    "url", ["index.html", "./index.html", "index.html?abc=def", "a/index.html", "/index.html"]
)
def test_a_file_is_refused_where_there_is_only_the_course_structure(tmp_path, url):
    sentence = refusal(alone, tmp_path, unit(url=url))
    assert f"starts with the file “{url}”, but only cmi5.xml was sent. Send all files in one zip" in sentence


def test_a_file_that_is_not_in_the_zip_is_refused(tmp_path):
    assert "“not-found.html”, which is missing" in refusal(zipped, tmp_path, unit(url="not-found.html"))


@pytest.mark.parametrize("name", ["endpoint", "fetch", "actor", "registration", "activityId", "activity%49d"])
@pytest.mark.parametrize("place", ["https://example.org/?x=1&amp;", "index.html?"])
def test_an_address_with_a_parameter_of_the_launch_is_refused(tmp_path, place, name):
    sentence = refusal(zipped, tmp_path, unit(url=f"{place}{name}=y"))
    assert "which belongs to the launch" in sentence


@pytest.mark.parametrize("name", ["endpoints", "Actor", "activityid", "x"])
def test_other_parameters_are_kept(tmp_path, name):
    (lesson,) = zipped(tmp_path, unit(url=f"index.html?{name}=1&amp;a=%20")).lessons
    assert lesson.href == f"index.html?{name}=1&a=%20"


@pytest.mark.parametrize(
    "contents",
    [
        unit() + unit(),
        block("https://example.org/b", unit())
        + block("https://example.org/b", unit("https://example.org/2")),
        objectives("https://example.org/o", "https://example.org/o") + unit(),
        block("https://example.org/au/1", unit()),
        unit("https://example.org/course"),
        unit(""),
    ],
)
def test_an_id_that_is_used_twice_is_refused(tmp_path, contents):
    assert "needs an id of its own" in refusal(alone, tmp_path, contents)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com index.html",
        "https://",
        "https:///index.html",
        "https://ví-dụ.vn/",
        "https://[::1/",
        "https://a/{b}",
    ],
)
def test_an_address_that_is_no_url_is_refused(tmp_path, url):
    assert "is not a correct URL" in refusal(alone, tmp_path, unit(url=url))


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "app://x", "//host/x"],
)
def test_an_address_that_a_browser_must_not_open_is_refused(tmp_path, url):
    assert "which a browser cannot open from here" in refusal(zipped, tmp_path, unit(url=url))


@pytest.mark.parametrize("contents", [unit(url=""), unit(url="  "), f'<au id="urn:a:b">{texts("U")}</au>'])
def test_a_unit_without_an_address_is_refused(tmp_path, contents):
    assert "has no url" in refusal(zipped, tmp_path, contents)


@pytest.mark.parametrize("value", ["completed", "PASSED", "Complete", "Passed Completed"])
def test_a_move_on_that_is_spelled_otherwise_is_refused(tmp_path, value):
    sentence = refusal(alone, tmp_path, unit(attributes=f'moveOn="{value}"'))
    assert f"“{value}” is no moveOn (in the unit “Unit”). Write one of: NotApplicable, Passed" in sentence


def test_a_launch_method_that_is_none_is_refused(tmp_path):
    assert "is no launchMethod" in refusal(alone, tmp_path, unit(attributes='launchMethod="ownwindow"'))


@pytest.mark.parametrize("score", ["80", "1.01", "-0.1", "0,8", "8e-1", "high", ".", "NaN", "1.0001"])
def test_a_mastery_score_that_is_none_is_refused(tmp_path, score):
    sentence = refusal(alone, tmp_path, unit(attributes=f'masteryScore="{score}"'))
    assert f"is “{score}”. It must be a number from 0 to 1" in sentence


@pytest.mark.parametrize(
    ("score", "read_as"), [("0", 0.0), ("1", 1.0), ("1.0", 1.0), ("0.85", 0.85), (".5", 0.5), ("", None)]
)
def test_a_mastery_score_is_a_decimal_number(tmp_path, score, read_as):
    (lesson,) = alone(tmp_path, unit(attributes=f'masteryScore="{score}"')).lessons
    assert lesson.mastery_score == read_as


def test_an_empty_block_is_refused(tmp_path):
    contents = unit() + block("https://example.org/b", "")
    assert "The block “Block” is empty" in refusal(alone, tmp_path, contents)


@pytest.mark.parametrize("contents", ["", objectives("https://example.org/o")])
def test_a_course_without_units_is_refused(tmp_path, contents):
    assert "nothing that could be started" in refusal(alone, tmp_path, contents)


@pytest.mark.parametrize(
    "structure", ["<courseStructure/>", "<course/>", "<html/>", "<courseStructure><au/></courseStructure>"]
)
def test_what_describes_no_course_is_refused(tmp_path, structure):
    with pytest.raises(Refused, match="does not describe a course"):
        read(unpacked(tmp_path, {"cmi5.xml": structure}))


def test_the_manifest_of_scorm_by_itself_is_refused_by_its_name(tmp_path):
    with pytest.raises(Refused, match="manifest of a SCORM package without its files"):
        read(unpacked(tmp_path, {"cmi5.xml": "<manifest/>"}))


def test_a_document_type_is_refused(tmp_path):
    with pytest.raises(Refused, match="contains a DOCTYPE"):
        read(unpacked(tmp_path, {"cmi5.xml": "<!DOCTYPE courseStructure>" + cmi5_structure(unit())}))


def test_a_title_that_holds_a_program_is_refused(tmp_path):
    contents = unit().replace(">Unit<", ">&lt;script&gt;x&lt;/script&gt;<", 1)
    assert "holds a program" in refusal(alone, tmp_path, contents)


@pytest.mark.parametrize(
    "contents",
    [
        unit().replace("</au>", f"<url>{ONLINE}</url></au>"),
        unit().replace("</au>", f"{texts('Again')}</au>"),
        objectives("https://example.org/o/1") + objectives("https://example.org/o/2") + unit(),
        block("https://example.org/b", texts("Again") + unit()),
    ],
)
def test_what_stands_twice_and_could_be_meant_either_way_is_refused(tmp_path, contents):
    assert "stands more than once in" in refusal(alone, tmp_path, contents)


def test_a_name_that_is_mistyped_is_told_to_the_author(tmp_path):
    wrong = unit(attributes='moveOnn="Passed" xmlns:x="urn:x" x:more="1"')
    found = alone(tmp_path, wrong.replace("</au>", "<launchParamaters>a</launchParamaters></au>"))
    told = [str(one) for one in found.warnings if "mistyped" in str(one)]
    assert [one.split("”")[0] for one in told] == [
        "cmi5 knows no “launchParamaters",
        "cmi5 knows no “moveOnn",
    ]
