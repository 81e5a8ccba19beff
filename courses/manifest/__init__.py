"""Reading what an unpacked package says of itself: SCORM 1.2, SCORM 2004 and cmi5, in one vocabulary.

`read` gives a `Package` of whatever standard it is, with notices for what is odd but works, and refuses
(`courses.errors.Refused`) with a sentence that names what is missing or broken. `sequencing_settings` turns
an organization of SCORM 2004 into what scorm-again takes; `prerequisites_met` decides those of SCORM 1.2.
"""

from courses.manifest.for_player import global_objective_ids, sequencing_settings
from courses.manifest.package import (
    Extension,
    Item,
    LangString,
    Lesson,
    Notice,
    Objective,
    Organization,
    Package,
    Standard,
)
from courses.manifest.prerequisites import prerequisites_met
from courses.manifest.reading import read

__all__ = [
    "Extension",
    "Item",
    "LangString",
    "Lesson",
    "Notice",
    "Objective",
    "Organization",
    "Package",
    "Standard",
    "global_objective_ids",
    "prerequisites_met",
    "read",
    "sequencing_settings",
]
