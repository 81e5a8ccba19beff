"""What another version of a course changes for those who learn it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.catalogue.models import CourseVersion, Lesson


@dataclass(frozen=True)
class Renamed:
    """A lesson that is known by the same identifier and has another title now."""

    before: str
    now: str


@dataclass(frozen=True)
class Comparison:
    """Lessons by what happens to them; those kept and renamed keep their address, and so their results."""

    added: tuple[Lesson, ...]
    removed: tuple[Lesson, ...]
    kept: tuple[Lesson, ...]
    renamed: tuple[Renamed, ...]
    other_standard: bool

    @property
    def changes_nothing_by_name(self) -> bool:
        return not (self.added or self.removed or self.renamed)


def compare(before: CourseVersion, after: CourseVersion) -> Comparison:
    """From `before` to `after`, in the order of the lessons."""
    old, new = _by_key(before.lessons), _by_key(after.lessons)
    both = [key for key in new if key in old]
    return Comparison(
        added=tuple(lesson for key, lesson in new.items() if key not in old),
        removed=tuple(lesson for key, lesson in old.items() if key not in new),
        kept=tuple(new[key] for key in both if new[key].title == old[key].title),
        renamed=tuple(
            Renamed(old[key].title, new[key].title) for key in both if new[key].title != old[key].title
        ),
        other_standard=before.standard != after.standard,
    )


def _by_key(lessons: Sequence[Lesson]) -> dict[str, Lesson]:
    """The key is what results are kept under; it comes from the identifier."""
    return {lesson.key: lesson for lesson in lessons}
