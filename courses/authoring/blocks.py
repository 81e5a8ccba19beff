"""Cutting the body of a lesson into its typed blocks, `::: kind id` up to `:::`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from courses.authoring.errors import Place
from courses.authoring.lesson import Kind

SCENE, CHECK, RESULT = "scene", "check", "result"
KINDS = (SCENE, *Kind, CHECK, RESULT)
FENCE = re.compile(r":::\s*(?P<kind>\S*)\s*(?P<id>\S*)\s*")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 24


@dataclass(frozen=True, slots=True)
class Block:
    """`lines` begin on the line after `place`."""

    kind: str
    id: str
    place: Place
    lines: tuple[str, ...]

    def line(self, offset: int) -> Place:
        return self.place.at(self.place.line + 1 + offset)


def split_blocks(lines: Sequence[str], place: Place) -> Iterator[Block]:
    """The blocks of `lines`, of which the first is line `place.line` of the file."""
    opened: tuple[str, str, Place] | None = None
    content: list[str] = []
    for number, line in enumerate(lines, start=place.line):
        here = place.at(number)
        match = FENCE.fullmatch(line)
        if opened is None:
            opened, content = open_block(match, line, here), []
        elif match is None:
            content.append(line)
        elif match["kind"]:
            opened[2].refuse("this block is not closed; add a line of ::: before line %(next)d", next=number)
        else:
            yield Block(*opened, tuple(content))
            opened = None
    if opened:
        opened[2].refuse("this block is not closed; add a line of ::: at its end")


def open_block(match: re.Match[str] | None, line: str, here: Place) -> tuple[str, str, Place] | None:
    if match is None:
        if line.strip():
            here.refuse("text stands outside of a block; put it after a line such as ::: scene welcome")
        return None
    if match["kind"] not in KINDS:
        here.refuse(
            '"%(kind)s" is not a block; use one of %(kinds)s', kind=match["kind"], kinds=", ".join(KINDS)
        )
    if not ID.fullmatch(match["id"]) or len(match["id"]) > LONGEST_ID:
        here.refuse(
            "a block needs an id of small letters, digits and hyphens, at most %(most)d long, after its kind",
            most=LONGEST_ID,
        )
    return match["kind"], match["id"], here


def take_heading(block: Block) -> tuple[str, int]:
    """The heading of a block and the offset of the line after it."""
    for offset, line in enumerate(block.lines):
        if line.startswith("## ") and line[3:].strip():
            return line[3:].strip(), offset + 1
        if line.strip():
            block.line(offset).refuse(
                'a block begins with its heading, a line such as "## What a QR code is"'
            )
    return block.place.refuse('this block has no heading; add a line such as "## What a QR code is"')
