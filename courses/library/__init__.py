"""Our own lessons: one folder each, with a `lesson.md` (see `courses.authoring.reading`) and its pictures."""

from pathlib import Path

from courses.errors import Refused

FOLDER = Path(__file__).parent


def slugs() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob("*/lesson.md"))


def folder(slug: str) -> Path:
    if slug not in slugs():
        raise Refused(
            "We have no lesson called %(slug)s; choose one of %(slugs)s.", slug=slug, slugs=", ".join(slugs())
        )
    return FOLDER / slug
