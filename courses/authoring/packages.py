"""Making a package of a lesson, for whichever standard."""

from courses.authoring.lesson import LessonSource
from courses.authoring.reading import read_lesson
from courses.authoring.rendering import PAGE, page_files
from courses.library import folder
from courses.packaging import BuildItem, Standard, build, publisher_id


def build_package(lesson: str | LessonSource, standard: Standard = "scorm12") -> bytes:
    """The zip of a lesson, or of the lesson of our library with that slug; the same bytes each time."""
    source = read_lesson(folder(lesson)) if isinstance(lesson, str) else lesson
    about = source.about
    item = BuildItem(
        identifier=f"LESSON-{source.slug}",
        title=source.title,
        href=PAGE,
        mastery_score=about.mastery,
        minutes=about.minutes,
    )
    return build(
        page_files(source, standard),
        identifier=_identifier(source.slug),
        title=source.title,
        lessons=[item],
        standard=standard,
        description=". ".join(about.objectives) + ".",
        keywords=(about.code, f"topic-{about.topic}", about.audience, *about.competences),
        minutes=about.minutes,
    )


def build_scorm12(lesson: str | LessonSource) -> bytes:
    """As our own lessons are offered here."""
    return build_package(lesson, "scorm12")


def is_package_of(slug: str, identifier: str) -> bool:
    """Whether a package with this identifier, of whatever standard, was built of the lesson."""
    own = _identifier(slug)
    return identifier in {own, publisher_id(own)}


def _identifier(slug: str) -> str:
    return f"BDHVS-{slug}"
