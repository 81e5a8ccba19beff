"""The page of a lesson: every step in one document, of which the run-time shows one at a time.

What the run-time must know stands in `data-` attributes, because packages allow no inline script.
"""

from collections.abc import Iterator
from pathlib import Path
from string import Template

from courses.authoring.images import size_of
from courses.authoring.lesson import Exercise, Kind, LessonSource, Scene
from courses.authoring.prose import IMAGES, plain
from courses.authoring.questions import FILE, questions_file
from courses.authoring.showing import attributes, show_exercise
from courses.packaging import Standard

RUNTIME = Path(__file__).parent / "runtime"
# How each standard's host is spoken to; what learners see is the same.
HOSTS: dict[Standard, tuple[str, ...]] = {
    "scorm12": ("scorm.js", "scorm12.js"),
    "scorm2004": ("scorm.js", "scorm2004.js"),
    "cmi5": ("cmi5_record.js", "cmi5.js"),
}
SCRIPTS = ("memory.js", "comfort.js", "exercises.js", "ending.js", "lesson.js")
PAGE, STYLE, SCRIPT = "index.html", "lesson.css", "lesson.js"


def page_files(lesson: LessonSource, standard: Standard) -> dict[str, bytes]:
    """All files of a lesson by path, without a manifest."""
    scripts = ("clock.js", *HOSTS[standard], *SCRIPTS)
    return {
        PAGE: render_page(lesson).encode(),
        STYLE: (RUNTIME / STYLE).read_bytes(),
        SCRIPT: b"\n".join((RUNTIME / name).read_bytes() for name in scripts),
        FILE: questions_file(lesson),
        **{IMAGES + name: content for name, content in lesson.images.items()},
    }


def render_page(lesson: LessonSource) -> str:
    page = Template((RUNTIME / PAGE).read_text(encoding="utf-8"))
    steps = "\n".join(render_steps(lesson))
    for name, content in lesson.images.items():
        source = f'src="{IMAGES}{name}"'
        steps = steps.replace(source, f"{source} {attributes(**size_of(content))}")
    return page.substitute(
        title=plain(lesson.title),
        slug=lesson.slug,
        mastery=lesson.about.mastery,
        objectives="\n".join(f"<li>{plain(objective)}</li>" for objective in lesson.about.objectives),
        steps=steps,
    )


def render_steps(lesson: LessonSource) -> Iterator[str]:
    for step in lesson.steps:
        if isinstance(step, Scene):
            yield show_scene(step, "scene")
        else:
            yield show_step(step, "exercise", "Thực hành", show_exercise(step))
    yield show_scene(lesson.check.opening, "check")
    total = len(lesson.check.questions)
    for number, question in enumerate(lesson.check.questions, start=1):
        ask = " · Đúng hay sai?" if question.kind is Kind.TRUE_FALSE else ""
        yield show_step(question, "question", f"Câu {number}/{total}{ask}", show_exercise(question))
    yield show_scene(lesson.result, "result")


def show_scene(scene: Scene, kind: str) -> str:
    return show_step(scene, kind, "", scene.body.html)


def show_step(step: Scene | Exercise, kind: str, above: str, inside: str) -> str:
    """One section; `above` is the small line over its heading."""
    shown = attributes(
        id=f"step-{step.id}", data_step=step.id, data_kind=kind, aria_labelledby=f"title-{step.id}"
    )
    eyebrow = f'<p class="eyebrow">{above}</p>\n' if above else ""
    return (
        f'<section class="step" {shown}>\n{eyebrow}'
        f'<h2 id="title-{step.id}" tabindex="-1">{step.heading}</h2>\n{inside}\n</section>'
    )
