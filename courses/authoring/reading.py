"""Reading a lesson.

A lesson is a folder with a `lesson.md` and its pictures. The file begins with a head (`frontmatter`) and goes
on with blocks, one per step, in the order in which they are shown:

    ::: scene what-is-qr            tells something; Markdown without links or HTML
    ## A heading
    A paragraph, ![what is seen](picture.svg), a list, > a quote to remember.
    :::

    ::: choose-one whom-to-ask      asks; also choose-many, true-false, spot, phone, order
    ## A heading
    The question.
    - [ ] A wrong answer
      > Why it is wrong.
    - [x] The right answer
      > Why it is right.
    :::

`spot` shows a message (`screen: From whom`) in which every suspicious part is to be touched; `phone` shows a
phone (`screen: Title`) with lines `label | value` and `button: words`; `order` has `1.` lines in their right
order. Where several things are chosen, `right: ...` and `wrong: ...` say what the learner is told.

`::: check id` opens the final check: the exercises after it are its questions. `::: result id` comes last and
says what to do next.
"""

from collections.abc import Sequence
from pathlib import Path

from courses.authoring.blocks import CHECK, RESULT, SCENE, Block, split_blocks, take_heading
from courses.authoring.errors import Place
from courses.authoring.frontmatter import read_about, split_head
from courses.authoring.images import read_image
from courses.authoring.items import read_exercise
from courses.authoring.lesson import About, Check, Exercise, Kind, LessonSource, Scene, Step
from courses.authoring.prose import plain, to_prose

FILE = "lesson.md"
MOST_BLOCKS = 40


def read_lesson(path: Path) -> LessonSource:
    """The lesson in the folder `path`, or in the file `path`; raises `BrokenLesson` naming file and line."""
    file = path / FILE if path.is_dir() else path
    place = Place(file, 1)
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        place.refuse("the lesson cannot be read: %(error)s", error=error)
    head, taken = split_head(lines, place)
    about = read_about(head)
    blocks = list(split_blocks(lines[taken:], place.at(taken + 1)))
    check_frame(blocks, place.at(len(lines)))
    check_ids(blocks)
    return assemble(about, blocks, file.parent)


def check_frame(blocks: Sequence[Block], end: Place) -> None:
    """Scenes and exercises, then the check with its questions, then the result."""
    kinds = [block.kind for block in blocks]
    for kind in (CHECK, RESULT):
        if kinds.count(kind) != 1:
            place = blocks[last_index(kinds, kind)].place if kind in kinds else end
            place.refuse("a lesson has exactly one ::: %(kind)s block", kind=kind)
    if kinds[-1] != RESULT:
        blocks[-1].place.refuse("::: result is the last block of a lesson; move this one before it")
    opening = kinds.index(CHECK)
    if opening == 0 or opening == len(kinds) - 2:
        blocks[opening].place.refuse("::: check stands after the steps and before its questions")
    for block in blocks[opening:]:
        if block.kind == SCENE:
            block.place.refuse("only questions stand between ::: check and ::: result")
    if len(blocks) > MOST_BLOCKS:
        blocks[MOST_BLOCKS].place.refuse(
            "a lesson has at most %(most)d blocks; make two lessons", most=MOST_BLOCKS
        )


def last_index(kinds: Sequence[str], kind: str) -> int:
    return len(kinds) - 1 - list(reversed(kinds)).index(kind)


def check_ids(blocks: Sequence[Block]) -> None:
    seen: set[str] = set()
    for block in blocks:
        if block.id in seen:
            block.place.refuse('the id "%(id)s" is used twice', id=block.id)
        seen.add(block.id)


def assemble(about: About, blocks: Sequence[Block], folder: Path) -> LessonSource:
    steps: list[Step] = []
    questions: list[Exercise] = []
    ends: dict[str, Scene] = {}
    images: dict[str, bytes] = {}
    for block in blocks:
        step = read_exercise(block) if block.kind in set(Kind) else read_scene(block)
        images |= {name: read_image(folder, name, block.place) for name in step.body.images}
        if isinstance(step, Scene) and block.kind != SCENE:
            ends[block.kind] = step
        elif isinstance(step, Exercise) and ends:
            questions.append(step)
        else:
            steps.append(step)
    return LessonSource(about, tuple(steps), Check(ends[CHECK], tuple(questions)), ends[RESULT], images)


def read_scene(block: Block) -> Scene:
    heading, offset = take_heading(block)
    return Scene(block.id, plain(heading), to_prose("\n".join(block.lines[offset:]), block.line(offset)))
