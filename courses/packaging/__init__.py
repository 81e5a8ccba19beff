"""Packages as zip files: opening them safely, and building them.

A package is refused (`courses.errors.Refused`) with a sentence that says what to mend.
"""

from courses.packaging.build_plan import BuildItem
from courses.packaging.building import Standard, build
from courses.packaging.cmi5_structure import publisher_id
from courses.packaging.limits import Limits
from courses.packaging.opening import Claimed, OpenedPackage, PackageFile, open_package, survey
from courses.packaging.progress import Progress

__all__ = [
    "BuildItem",
    "Claimed",
    "Limits",
    "OpenedPackage",
    "PackageFile",
    "Progress",
    "Standard",
    "build",
    "open_package",
    "publisher_id",
    "survey",
]
