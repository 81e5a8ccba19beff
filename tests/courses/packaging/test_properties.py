"""What must hold for every zip: inside its folder or not at all."""

import io
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.errors import Refused
from courses.manifest import read
from courses.packaging import BuildItem, build, open_package
from courses.packaging.limits import DEFAULT_LIMITS
from courses.packaging.names import clean_path, folded
from tests.factories.packages import DEFLATED, STORED, UTF8_FLAG, RawEntry, raw_zip, zip64, zipped

PIECES = st.sampled_from(
    [
        "a",
        "B",
        "b",
        "..",
        ".",
        "",
        "/",
        "\\",
        "C:",
        "con",
        "\u00e9",
        "e\u0301",
        "\0",
        "\u202e",
        "?",
        " ",
        "~",
        "課",
        "x" * 250,
    ]
)
NAMES = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=20)
ENTRIES = st.builds(
    RawEntry,
    name=NAMES.map(lambda name: name.encode("utf-8", "surrogatepass")) | st.binary(max_size=20),
    data=st.binary(max_size=50),
    flags=st.sampled_from([0, 0, UTF8_FLAG, UTF8_FLAG, 1]),
    method=st.sampled_from([DEFLATED, DEFLATED, STORED, 12]),
    mode=st.sampled_from([0, 0, 0o100755, 0o040755, 0o120777]),
    claimed_crc=st.none() | st.just(7),
)


def files_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def check(archive: bytes) -> None:
    """Either all that was told is in the folder and nothing elsewhere, or nothing anywhere."""
    with tempfile.TemporaryDirectory() as name:
        parent = Path(name)
        try:
            opened = open_package(io.BytesIO(archive), parent / "one")
        except Refused:
            assert list(parent.iterdir()) == []
        else:
            assert list(parent.iterdir()) == [opened.root]
            assert files_below(opened.root) == {file.path for file in opened.files}
            assert not any(path.is_symlink() for path in parent.rglob("*"))


@given(st.lists(ENTRIES, max_size=5))
@settings(max_examples=200, deadline=None)
def test_hostile_entries_stay_inside_or_leave_nothing(entries):
    check(raw_zip(*entries))


@given(st.binary(max_size=200), st.integers(0, 300), st.lists(ENTRIES, min_size=1, max_size=3))
@settings(max_examples=200, deadline=None)
def test_scribbled_archives_stay_inside_or_leave_nothing(noise, place, entries):
    archive = raw_zip(*entries)
    check(archive[:place] + noise + archive[place + len(noise) :])


FILES = {"index.html": b"<!doctype html>" * 9, "a/Bài.html": bytes(900)}
WHOLE = [zipped(FILES), zip64(FILES), raw_zip(RawEntry(b"a.html", method=STORED), RawEntry(b"b/"))]


@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4),
)
@settings(max_examples=250, deadline=None)
def test_whole_archives_with_a_few_other_bytes_stay_inside_or_leave_nothing(archive, changes):
    """Half of the changes fall on the list of files and the end, where lies are told."""
    changed = bytearray(archive)
    directory = archive.index(b"PK\x01\x02")
    for where, noise in changes:
        place = directory + int((where - 0.5) * 2 * (len(archive) - directory)) if where > 0.5 else None
        start = int(where * 2 * directory) if place is None else place
        changed[start : start + len(noise)] = noise
    check(bytes(changed))


@given(NAMES)
@settings(deadline=None)
def test_a_clean_path_is_plain_and_cleaning_it_again_changes_nothing(name):
    try:
        path = clean_path(name, DEFAULT_LIMITS)
    except Refused:
        return
    assert not path.startswith("/")
    assert "\\" not in path
    assert not {"", ".", ".."}.intersection(path.split("/")) or path == ""
    assert clean_path(path, DEFAULT_LIMITS) == path


WORDS = st.text("abđêư –&<>'\"%#+0", min_size=1, max_size=8).filter(
    lambda word: word.strip() == word and "<" not in word and ">" not in word and '"' not in word
)
# Formatting falls away, so there is none (<b> could come about by chance).
TITLES = (
    st.text("acđêư &<>'\"%]", min_size=1, max_size=20).map(lambda title: " ".join(title.split())).filter(bool)
)
TREES = st.lists(
    st.tuples(WORDS, WORDS, TITLES), min_size=1, max_size=6, unique_by=lambda leaf: folded(leaf[1])
)


@given(TREES, TITLES)
@settings(max_examples=100, deadline=None)
def test_any_small_tree_reads_back_as_it_was_built(leaves, title):
    files = {
        f"d{number}-{folder}/{name}.html": name.encode() for number, (folder, name, _) in enumerate(leaves)
    }
    chapters = [
        BuildItem(
            identifier=f"C{number}",
            title=heading,
            items=(BuildItem(identifier=f"L{number}", title=heading, href=escaped(path)),),
        )
        for number, (path, (_, _, heading)) in enumerate(zip(files, leaves, strict=True))
    ]
    archive = build(files, identifier="P", title=title, lessons=chapters)
    with tempfile.TemporaryDirectory() as name:
        open_package(io.BytesIO(archive), Path(name) / "one")
        package = read(Path(name) / "one")
    assert package.title == title
    assert [lesson.file for lesson in package.lessons] == list(files)
    assert [lesson.parents for lesson in package.lessons] == [(heading,) for _, _, heading in leaves]
    assert package.warnings == ()


def escaped(path: str) -> str:
    return path.replace("%", "%25").replace("#", "%23").replace("?", "%3F")
