"""The head of a lesson: `name: value` lines, and lists of `- value` lines, between two lines of `---`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from courses.authoring.errors import Place
from courses.authoring.lesson import About

EDGE = "---"
AUDIENCES = ("citizen", "officer")
ENTRY = re.compile(r"(?P<name>[a-z_]+):\s*(?P<value>.*)")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COMPETENCE = re.compile(r"[1-6]\.[1-4]")


@dataclass(frozen=True, slots=True)
class Entry:
    place: Place
    values: tuple[str, ...]


class Head:
    """The entries of the front matter; every name must be asked for, or it is refused as unknown."""

    def __init__(self, entries: dict[str, Entry], place: Place) -> None:
        self.entries = entries
        self.place = place

    def entry(self, name: str) -> Entry:
        entry = self.entries.pop(name, None)
        if entry is None or not entry.values:
            place = entry.place if entry else self.place
            place.refuse('"%(name)s" is missing from the head of the lesson; add it', name=name)
        return entry

    def text(self, name: str, pattern: re.Pattern[str] | None = None) -> str:
        entry = self.entry(name)
        if len(entry.values) > 1:
            entry.place.refuse('"%(name)s" takes one value, not a list', name=name)
        if pattern and not pattern.fullmatch(entry.values[0]):
            entry.place.refuse('"%(value)s" cannot be the %(name)s', value=entry.values[0], name=name)
        return entry.values[0]

    def number(self, name: str, low: int, high: int) -> int:
        place = self.entries[name].place if name in self.entries else self.place
        value = self.text(name)
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            place.refuse("%(name)s must be a number from %(low)d to %(high)d", name=name, low=low, high=high)
        return int(value)

    def word(self, name: str, allowed: Sequence[str]) -> str:
        return self.text(name, re.compile("|".join(map(re.escape, allowed))))

    def competences(self) -> tuple[str, ...]:
        entry = self.entry("competences")
        codes = tuple(code.strip() for value in entry.values for code in value.split(","))
        for code in codes:
            if not COMPETENCE.fullmatch(code):
                entry.place.refuse('"%(code)s" is not a competence such as 4.2', code=code)
        return codes

    def finish(self) -> None:
        for name, entry in self.entries.items():
            entry.place.refuse('"%(name)s" is not known in the head of a lesson', name=name)


def split_head(lines: Sequence[str], place: Place) -> tuple[Head, int]:
    """The front matter of `lines` and how many lines it takes."""
    if not lines or lines[0].rstrip() != EDGE:
        place.at(1).refuse("a lesson begins with a line of --- and its title, topic and so on")
    entries: dict[str, Entry] = {}
    name = ""
    for number, line in enumerate(lines[1:], start=2):
        here = place.at(number)
        if line.rstrip() == EDGE:
            return Head(entries, place.at(1)), number
        if line.strip():
            name = add_line(entries, name, line, here)
    return place.at(1).refuse("the head of the lesson is not closed; add a line of ---")


def add_line(entries: dict[str, Entry], name: str, line: str, here: Place) -> str:
    """Put one line of the head into `entries`; return the name that following list lines belong to."""
    if line.lstrip().startswith("- "):
        if not name:
            here.refuse('this "- " line belongs to nothing; write a name and a colon above it')
        entries[name] = Entry(entries[name].place, (*entries[name].values, line.strip()[2:].strip()))
        return name
    match = ENTRY.fullmatch(line.strip())
    if match is None:
        here.refuse('the head of a lesson has lines such as "title: ..."; this is not one')
    if match["name"] in entries:
        here.refuse('"%(name)s" is written twice', name=match["name"])
    entries[match["name"]] = Entry(here, (match["value"],) if match["value"] else ())
    return match["name"]


def read_about(head: Head) -> About:
    about = About(
        slug=head.text("slug", SLUG),
        title=head.text("title"),
        code=head.text("code", re.compile(r"[A-Z][0-9]+(\.[0-9]+)?")),
        topic=head.number("topic", 1, 4),
        audience=head.word("audience", AUDIENCES),
        minutes=head.number("minutes", 1, 60),
        mastery=head.number("mastery", 1, 100),
        version=head.text("version"),
        competences=head.competences(),
        objectives=head.entry("objectives").values,
        sources=head.entry("sources").values,
    )
    head.finish()
    return about
