"""What must hold for every manifest: a package whose lessons can be launched, or a refusal."""

import encodings.aliases
import json
import re
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.errors import Refused
from courses.manifest import Package, prerequisites_met, read, sequencing_settings
from tests.courses.manifest.sequencing import controls, item, manifest, rule, sequencing
from tests.factories.packages import PAGE, cmi5_structure, manifest12, manifest2004, unpacked

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
# A place in a message that was not filled.
PLACE = re.compile(r"%\(\w+\)[sd]")
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
SAFE = st.text(LETTERS, max_size=10)


def attempt(manifest: str | bytes) -> Package | None:
    with tempfile.TemporaryDirectory() as name:
        head = manifest[:200] if isinstance(manifest, str) else manifest[:200].decode("latin-1")
        place = "cmi5.xml" if "courseStructure" in head else "imsmanifest.xml"
        folder = unpacked(Path(name) / "one", {**dict.fromkeys(FILES, PAGE), place: manifest})
        try:
            package = read(folder)
        except Refused as refused:
            sentence = str(refused)
        else:
            use(package)
            return package
    assert not PLACE.search(sentence)
    return None


def use(package: Package) -> None:
    """What a player asks of it."""
    for organization in package.organizations:
        json.dumps(sequencing_settings(organization), allow_nan=False)
        for lesson in organization.lessons:
            assert prerequisites_met(lesson.prerequisites, {}) in {True, False}


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
    assert not any(PLACE.search(str(notice)) for notice in package.warnings)


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


def everything_2004() -> str:
    """A manifest with nearly every element that sequencing has."""
    inside = (
        "<adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>exit</adlnav:hideLMSUI>"
        "</adlnav:navigationInterface></adlnav:presentation>"
        '<adlcp:data><adlcp:map targetID="d"/></adlcp:data>'
        '<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.5"/>'
    )
    parts = (
        "<imsss:sequencingRules>"
        + rule("pre", "skip", 'condition="satisfied" operator="not" measureThreshold="0.1"')
        + "</imsss:sequencingRules>"
        '<imsss:limitConditions attemptLimit="1" attemptAbsoluteDurationLimit="PT1H"/>'
        '<imsss:rollupRules><imsss:rollupRule minimumPercent="0.5"><imsss:rollupConditions>'
        '<imsss:rollupCondition condition="satisfied"/></imsss:rollupConditions>'
        '<imsss:rollupAction action="satisfied"/></imsss:rollupRule></imsss:rollupRules>'
        '<imsss:objectives><imsss:primaryObjective objectiveID="P" satisfiedByMeasure="true">'
        "<imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure>"
        '<imsss:mapInfo targetObjectiveID="g"/></imsss:primaryObjective></imsss:objectives>'
        '<imsss:randomizationControls selectCount="2" selectionTiming="once"/>'
    )
    shared = "<imsss:sequencingCollection>" + sequencing(parts, 'ID="S"')
    items = item("A", inside + sequencing("", 'IDRef="S"')) + item("B", sequencing(parts))
    return manifest(items + sequencing(controls(flow="true")), after=f"{shared}</imsss:sequencingCollection>")


CMI5 = cmi5_structure(
    '<objectives><objective id="urn:o:1"/></objectives><block id="urn:b:1"><title><langstring lang="vi">B'
    '</langstring></title><objectives><objective idref="urn:o:1"/></objectives><au id="urn:a:1" '
    'moveOn="Passed" masteryScore="0.5" launchMethod="OwnWindow"><url>index.html?x=1</url>'
    "<launchParameters>p</launchParameters></au></block>"
)
WHOLE = [manifest12(), manifest2004(), everything_2004(), CMI5]
WORDS = re.compile(r'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)|</?[A-Za-z:]+')


@given(st.sampled_from(WHOLE), st.floats(0, 1), st.binary(max_size=12), st.integers(0, 40))
@settings(max_examples=250, deadline=None)
def test_a_scribbled_manifest_is_read_or_refused(text, where, noise, lost):
    raw = text.encode()
    place = int(where * len(raw))
    attempt(raw[:place] + noise + raw[place + lost :])


VALUES = "|-1|1e999|NaN|0,5|99999999999999999999|PT|P1DT|PT0.12345S|true|É|&#x202e;|A|S|%00|..\\..|javascript:1|//h|https://h/x"
MARKUP = ["<x/>", "</x>", "<item", "</item", "<adlseq:objectives", "<manifest", "<sequencing"]
LETTERS_AND_MORE = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
ODD = st.sampled_from([*VALUES.split("|"), *MARKUP]) | st.text(LETTERS_AND_MORE, max_size=6)


CHANGES = st.lists(st.tuples(st.integers(0, 400), ODD), min_size=1, max_size=6)


@given(st.sampled_from(WHOLE), CHANGES)
@settings(max_examples=250, deadline=None)
def test_a_manifest_with_odd_values_is_read_or_refused(text, changes):
    """Values, texts and names of elements are replaced, so that more of it stays XML."""
    attempt(changed(text, changes))


def changed(text: str, changes: list[tuple[int, str]]) -> str:
    places = list(WORDS.finditer(text))
    chosen = {places[number % len(places)]: odd for number, odd in changes}
    for place in sorted(chosen, key=lambda place: -place.start()):
        text = text[: place.start()] + chosen[place] + text[place.end() :]
    return text


@given(CHANGES)
@settings(max_examples=150, deadline=None)
def test_whatever_is_read_can_be_sequenced(sequencer, changes):
    package = attempt(changed(everything_2004(), changes))
    if package is not None:
        ((started, _),) = sequencer.run(package.organization, ("go", "start"))
        assert started in {True, False}


ENCODINGS = st.sampled_from(sorted(set(encodings.aliases.aliases) | set(encodings.aliases.aliases.values())))


@given(ENCODINGS, st.binary(max_size=30), st.sampled_from(WHOLE))
@settings(max_examples=120, deadline=None)
def test_a_manifest_in_any_encoding_is_read_or_refused(encoding, noise, text):
    attempt(f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + noise + text.encode())
