"""The inside of an exercise: prompt, options with what is said after each, and closing words."""

import re
from dataclasses import dataclass, field

from courses.authoring.blocks import Block, take_heading
from courses.authoring.errors import Place
from courses.authoring.lesson import Exercise, Kind, Option
from courses.authoring.prose import plain, to_phrase, to_prose

CHOICE = re.compile(r"- \[(?P<mark>[ x])\] (?P<text>.+)")
STEP = re.compile(r"[0-9]+\. (?P<text>.+)")
WHY = re.compile(r"\s+> ?(?P<text>.+)")
WORDS = re.compile(r"(?P<name>right|wrong|screen):\s*(?P<text>.+)")
BUTTON = "button:"
FEWEST, MOST = 2, 8


@dataclass(slots=True)
class Draft:
    """What was read so far of the part below the prompt."""

    options: list[Option] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)


def read_exercise(block: Block) -> Exercise:
    kind = Kind(block.kind)
    heading, offset = take_heading(block)
    begin = next(
        (i for i, line in enumerate(block.lines) if i >= offset and starts_items(line)), len(block.lines)
    )
    draft = Draft()
    for number, line in enumerate(block.lines[begin:], start=begin):
        if line.strip():
            add_item(draft, kind, line, block.line(number))
    check_options(kind, draft, block.place)
    return Exercise(
        id=block.id,
        kind=kind,
        heading=plain(heading),
        body=to_prose("\n".join(block.lines[offset:begin]), block.line(offset)),
        options=tuple(draft.options),
        when_right=draft.words.get("right", ""),
        when_wrong=draft.words.get("wrong", ""),
        screen=draft.words.get("screen", ""),
    )


def starts_items(line: str) -> bool:
    return bool(CHOICE.fullmatch(line) or STEP.fullmatch(line) or WORDS.fullmatch(line))


def add_item(draft: Draft, kind: Kind, line: str, here: Place) -> None:
    if match := WORDS.fullmatch(line):
        if match["name"] in draft.words:
            here.refuse('"%(name)s:" is written twice', name=match["name"])
        draft.words[match["name"]] = to_phrase(match["text"], here)
    elif match := WHY.fullmatch(line):
        add_why(draft, match["text"], here)
    elif kind is Kind.ORDER:
        match = STEP.fullmatch(line) or here.refuse(
            "the things to put in order are lines such as 1. Open the app"
        )
        draft.options.append(Option(to_phrase(match["text"], here), right=True))
    else:
        match = CHOICE.fullmatch(line) or here.refuse(
            "answers are lines such as - [ ] wrong or - [x] right, each with > why below it"
        )
        draft.options.append(read_option(kind, match["text"], here, right=match["mark"] == "x"))


def add_why(draft: Draft, text: str, here: Place) -> None:
    if not draft.options:
        here.refuse("this > line says why, but no answer stands above it")
    last = draft.options[-1]
    why = f"{last.why} {to_phrase(text, here)}".strip()
    draft.options[-1] = Option(
        last.html, right=last.right, why=why, label=last.label, is_button=last.is_button
    )


def read_option(kind: Kind, text: str, here: Place, *, right: bool) -> Option:
    if kind is not Kind.PHONE:
        return Option(to_phrase(text, here), right=right)
    if text.startswith(BUTTON):
        return Option(to_phrase(text.removeprefix(BUTTON).strip(), here), right=right, is_button=True)
    label, bar, value = text.partition(" | ")
    if not bar:
        return Option(to_phrase(text, here), right=right)
    return Option(to_phrase(value, here), right=right, label=to_phrase(label, here))


def check_options(kind: Kind, draft: Draft, place: Place) -> None:
    """Refuse an exercise that cannot be answered, or that has nothing to say after an answer."""
    options, right = draft.options, sum(option.right for option in draft.options)
    if not FEWEST <= len(options) <= MOST:
        place.refuse("an exercise has from %(low)d to %(high)d answers", low=FEWEST, high=MOST)
    if not right:
        place.refuse("no answer is marked as right; write [x] before one")
    if kind in {Kind.CHOOSE_ONE, Kind.TRUE_FALSE} and right > 1:
        place.refuse("only one answer of a %(kind)s can be right", kind=kind)
    if kind is Kind.TRUE_FALSE and len(options) != FEWEST:
        place.refuse("true-false has two answers, the first for true and the second for false")
    if kind is not Kind.ORDER and not all(option.why for option in options):
        place.refuse("every answer needs a line of > below it that says why it is right or wrong")
    if kind in {Kind.ORDER, Kind.CHOOSE_MANY, Kind.SPOT} and not {"right", "wrong"} <= draft.words.keys():
        place.refuse('say what the learner is told with "right: ..." and "wrong: ..." lines')
    if (kind in {Kind.SPOT, Kind.PHONE}) != ("screen" in draft.words):
        place.refuse('"screen: ..." gives the title of a phone or a spot exercise, and belongs there only')
