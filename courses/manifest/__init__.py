"""Reading what an unpacked package says of itself: SCORM 1.2, SCORM 2004 and cmi5, in one vocabulary.

`read` gives a `Package` of whatever standard it is, with notices for what is odd but works, and refuses
(`courses.errors.Refused`) with a sentence that names what is missing or broken.
"""

from courses.manifest.package import Item, Lesson, Notice, Objective, Organization, Package, Standard
from courses.manifest.reading import read

__all__ = ["Item", "Lesson", "Notice", "Objective", "Organization", "Package", "Standard", "read"]
