"""An officer who plays one of our own lessons to its end in a real browser, by hand or by keyboard."""

from playwright.sync_api import Frame, Page

from courses.authoring import LessonSource
from courses.authoring.lesson import Exercise
from courses.authoring.showing import values_of


def lesson_frame(page: Page) -> Frame:
    """The lesson inside the player, once it shows something."""
    handle = page.wait_for_selector("iframe#lesson:not([hidden])")
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    frame.wait_for_selector("html.playing")
    return frame


def step(frame: Frame) -> str:
    return frame.get_attribute(".step:not([hidden])", "data-step") or ""


def right_letters(exercise: Exercise) -> list[str]:
    """The letters of the right answers, in the order of the source."""
    lettered = zip(values_of(exercise), exercise.options, strict=True)
    return [letter for letter, option in lettered if option.right]


def answer(frame: Frame, letters: list[str]) -> None:
    for letter in letters:
        here = ".step:not([hidden])"
        frame.click(f"{here} .option[data-value={letter}] label, {here} .place[data-value={letter}]")
    frame.click("#next")


def play(frame: Frame, source: LessonSource, *, until: str | None = None) -> None:
    """Answer everything rightly until the result is shown, or until the step `until`."""
    exercises = {one.id: one for one in source.exercises()}
    exercises |= {question.id: question for question in source.check.questions}
    while (here := step(frame)) != (until or source.result.id):
        asking = here in exercises and frame.inner_text("#next") == "Trả lời"
        if asking:
            answer(frame, right_letters(exercises[here]))
        else:
            frame.click("#next")
