"""What must hold for every manifest: a package whose lessons can be launched, or a refusal."""

import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.errors import Refused
from courses.manifest import Package, read
from tests.factories.packages import PAGE, manifest12, manifest2004, unpacked

FILES = ("index.html", "a/b.html", "Bài 1.html", "100%.html", "c#.html")
HREFS = st.sampled_from(
    [
        *FILES,
        "INDEX.html",
        "a\\b.html",
        "B%C3%A0i%201.html",
        "../x",
        "javascript:1",
        "//h/x",
        "a/../index.html",
        "%00",
        "",
    ]
) | st.text(max_size=12)
TAILS = st.sampled_from(["", "?a=1", "#x", "?a=1#x", "&", "a b", "?", "%", "?u=//h"]) | st.text(max_size=8)
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
SAFE = st.text(LETTERS, max_size=10)


def attempt(manifest: str | bytes) -> Package | None:
    with tempfile.TemporaryDirectory() as name:
        folder = unpacked(Path(name) / "one", {**dict.fromkeys(FILES, PAGE), "imsmanifest.xml": manifest})
        try:
            return read(folder)
        except Refused as refused:
            sentence = str(refused)
    assert "%(" not in sentence
    return None


def check(package: Package) -> None:
    identifiers = [lesson.identifier for lesson in package.lessons]
    assert len(set(identifiers)) == len(identifiers) > 0
    for lesson in package.lessons:
        url = urlsplit(lesson.href)
        assert lesson.file in FILES
        assert unquote(url.path) == lesson.file
        assert not url.scheme
        assert not url.netloc
        assert lesson.href.isascii()
        assert not set(lesson.href) & set(' "<>\\\t\r\n')
    assert all("%(" not in str(notice) for notice in package.warnings)


def xml_safe(text: str) -> bool:
    return all(character.isprintable() or character in "\t\n" for character in text)


@given(
    HREFS.filter(xml_safe),
    TAILS.filter(xml_safe),
    TAILS.filter(xml_safe),
    st.lists(HREFS.filter(xml_safe), max_size=2),
)
@settings(max_examples=300, deadline=None)
def test_every_address_opens_a_file_of_the_package_or_is_refused(href, tail, parameters, bases):
    outer, inner = [*bases, "", ""][:2]
    manifest = manifest12(
        attributes=f"xml:base={quoteattr(outer)}",
        resources=f'<resource identifier="R1" adlcp:scormtype="sco" href={quoteattr(href + tail)} '
        f"xml:base={quoteattr(inner)}/>",
        items=f'<item identifier="I1" identifierref="R1" parameters={quoteattr(parameters)}/>',
    )
    package = attempt(manifest)
    if package is not None:
        check(package)


ITEM = st.builds(
    lambda identifier, title, known, hidden: (identifier, title, known, hidden),
    st.sampled_from(["A", "B", "C", ""]),
    SAFE,
    st.booleans(),
    st.booleans(),
)
TREE = st.recursive(
    st.tuples(ITEM, st.just([])), lambda below: st.tuples(ITEM, st.lists(below, max_size=3)), max_leaves=8
)


def written(tree) -> str:
    (identifier, title, known, hidden), below = tree
    ref = 'identifierref="R1"' if known else ""
    text = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    inside = "".join(map(written, below))
    visible = 'isvisible="false"' if hidden else ""
    return f'<item identifier="{identifier}" {ref} {visible}><title>{text}</title>{inside}</item>'


def launchable(tree) -> int:
    (_, _, known, _), below = tree
    return known + sum(map(launchable, below))


@given(st.lists(TREE, min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_every_launchable_item_of_any_tree_is_a_lesson(trees):
    package = attempt(manifest12(items="".join(map(written, trees))))
    assert (len(package.lessons) if package else 0) == sum(map(launchable, trees))
    if package:
        check(package)


@given(st.sampled_from([manifest12(), manifest2004()]), st.integers(0, 900), st.binary(max_size=12))
@settings(max_examples=300, deadline=None)
def test_a_scribbled_manifest_is_read_or_refused(manifest, place, noise):
    raw = manifest.encode()
    attempt(raw[:place] + noise + raw[place + len(noise) :])
