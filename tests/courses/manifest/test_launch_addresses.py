"""From xml:base, href and parameters to the file and the URL that opens it."""

from pathlib import Path

import pytest

from courses.errors import Refused
from courses.manifest import Lesson, read
from tests.factories.packages import PAGE, manifest12, unpacked


def launched(
    folder: Path,
    href: str,
    file: str = "a/b/c/page.html",
    parameters: str = "",
    bases: tuple[str, str, str] = ("", "", ""),
) -> Lesson:
    outer, middle, inner = (f'xml:base="{base}"' if base else "" for base in bases)
    manifest = manifest12(
        attributes=outer,
        resources_attributes=middle,
        resources=f'<resource identifier="R1" adlcp:scormtype="sco" href="{href}" {inner}/>',
        items=f'<item identifier="I1" identifierref="R1" parameters="{parameters}"><title>One</title></item>',
    )
    return read(unpacked(folder, {"imsmanifest.xml": manifest, file: PAGE})).lessons[0]


@pytest.mark.parametrize(
    "bases",
    [
        ("a/", "b/", "c/"),
        ("a", "b", "c"),
        ("a/b/", "", "c/"),
        ("", "", "a/b/c/"),
        ("/a/", "b\\", "./c/"),
        ("A/B", "C", ""),
        ("x/../a/b/c", "", ""),
    ],
)
def test_three_levels_of_base_are_joined(tmp_path, bases):
    assert launched(tmp_path, "page.html", bases=bases).href == "a/b/c/page.html"


def test_a_base_without_a_closing_slash_may_also_be_a_document(tmp_path):
    assert launched(tmp_path, "page.html", bases=("a/b/c/index.html", "", "")).file == "a/b/c/page.html"


@pytest.mark.parametrize(
    ("href", "file", "url"),
    [
        ("index.html?a=1&amp;b=2#top", "index.html", "index.html?a=1&b=2#top"),
        ("INDEX.HTML", "Index.html", "Index.html"),
        ("bai/?a=1", "bai/index.html", "bai/index.html?a=1"),
        ("bai/", "bai/Index.htm", "bai/Index.htm"),
        ("a\\b.html", "a/b.html", "a/b.html"),
        ("./a/../b.html", "b.html", "b.html"),
        ("/b.html", "b.html", "b.html"),
        ("B%C3%A0i%20%31.html", "Bài 1.html", "B%C3%A0i%201.html"),
        ("Bài 1.html", "Bài 1.html", "B%C3%A0i%201.html"),
        ("B&#xe0;i.html", "Bài.html", "B%C3%A0i.html"),
        ("Ba&#x300;i.html", "Bài.html", "B%C3%A0i.html"),
        ("%B5%DA%D2%BB.html", "第一.html", "%E7%AC%AC%E4%B8%80.html"),
        ("caf%E9.html", "café.html", "caf%C3%A9.html"),
        ("100%.html", "100%.html", "100%25.html"),
        ("a%20b.html", "a%20b.html", "a%2520b.html"),
        ("C#.html", "C#.html", "C%23.html"),
        (" page.html&#10;", "page.html", "page.html"),
        ('p.html?q=a b&amp;r=ệ"', "p.html", "p.html?q=a%20b&r=%E1%BB%87%22"),
        ("p.html?next=http://x.vn/", "p.html", "p.html?next=http://x.vn/"),
    ],
)
def test_an_href_finds_its_file_and_becomes_a_url(tmp_path, href, file, url):
    lesson = launched(tmp_path, href.replace('"', "&quot;"), file)
    assert (lesson.file, lesson.href) == (file, url)


@pytest.mark.parametrize(
    ("href", "parameters", "url"),
    [
        ("p.html", "?a=1", "p.html?a=1"),
        ("p.html", "a=1", "p.html?a=1"),
        ("p.html", "&amp;a=1", "p.html?a=1"),
        ("p.html", "#part", "p.html#part"),
        ("p.html?x=0", "?a=1", "p.html?x=0&a=1"),
        ("p.html?x=0", "&amp;&amp;a=1", "p.html?x=0&a=1"),
        ("p.html#part", "?a=1", "p.html?a=1#part"),
        ("p.html#part", "#other", "p.html#part"),
        ("p.html?", "?a=1#b", "p.html?a=1#b"),
        ("p.html?x=0", "", "p.html?x=0"),
        ("p.html", "a=1 2", "p.html?a=1%202"),
        ("p.html", "?", "p.html"),
    ],
)
def test_parameters_are_joined_to_the_address(tmp_path, href, parameters, url):
    lesson = launched(tmp_path, href, "p.html", parameters)
    assert lesson.href == url


def test_a_lesson_may_lie_beside_the_folder_of_its_manifest(tmp_path):
    manifest = manifest12(resources='<resource identifier="R1" adlcp:scormtype="sco" href="../p.html"/>')
    assert (
        read(unpacked(tmp_path, {"m/imsmanifest.xml": manifest, "p.html": PAGE})).lessons[0].file == "p.html"
    )


def test_a_percent_sign_in_the_manifests_folder_is_only_a_letter(tmp_path):
    found = read(unpacked(tmp_path, {"50%20/imsmanifest.xml": manifest12(), "50%20/index.html": PAGE}))
    assert found.lessons[0].href == "50%2520/index.html"


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " java&#10;script:alert(1)",
        "&#9;javascript:alert(1)",
        "data:text/html,x",
        "http://example.org/lesson",
        "https://example.org/lesson",
        "//example.org/lesson",
        "\\\\example.org\\lesson",
        "/\\example.org/lesson",
        "file:///etc/passwd",
        "C:\\lesson\\index.html",
    ],
)
def test_an_address_outside_the_package_is_refused(tmp_path, href):
    with pytest.raises(Refused, match="“One” starts with an address outside the package"):
        launched(tmp_path, href)


def test_a_base_outside_the_package_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"address outside the package \(http"):
        launched(tmp_path, "page.html", bases=("http://example.org/", "", ""))


@pytest.mark.parametrize(
    "href", ["gone.html", "a/gone.html?x=1", "../../etc/passwd", "a", "%2e%2e/secret.html", "?x=1"]
)
def test_a_missing_start_file_is_refused_by_name(tmp_path, href):
    (tmp_path / "secret.html").write_text("outside")
    with pytest.raises(Refused, match="is missing from the package") as caught:
        launched(tmp_path / "package", href)
    assert "“One”" in str(caught.value)
    assert href.split("?")[0] in str(caught.value)


def test_a_link_that_leads_out_is_not_a_file(tmp_path):
    (tmp_path / "outside.html").write_text("outside")
    root = unpacked(tmp_path / "package", {"imsmanifest.xml": manifest12()})
    (root / "index.html").symlink_to(tmp_path / "outside.html")
    with pytest.raises(Refused, match="is missing"):
        read(root)
