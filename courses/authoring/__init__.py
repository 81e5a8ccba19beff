"""Our own lessons: reading a `lesson.md`, showing it as a page, making it a package.

Owns the words *step* (what a learner sees at one time), *scene* (a step that tells), *exercise* (a step that
asks; in the final check it is a *question*). The lesson format is told in `courses.authoring.reading`.
"""

from courses.authoring.errors import BrokenLesson
from courses.authoring.lesson import LessonSource
from courses.authoring.packages import build_package, build_scorm12, is_package_of
from courses.authoring.reading import read_lesson

__all__ = ["BrokenLesson", "LessonSource", "build_package", "build_scorm12", "is_package_of", "read_lesson"]
