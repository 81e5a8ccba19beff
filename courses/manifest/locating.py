"""Finding the manifest: in the package's root, in a folder, or in capitals."""

import posixpath
from dataclasses import dataclass

from courses.errors import Refused
from courses.manifest.folder import Folder

IMS = "imsmanifest.xml"
CMI5 = "cmi5.xml"


@dataclass(frozen=True)
class Located:
    """The manifest's path from the root, and its name in small letters."""

    path: str
    name: str


def located(folder: Folder) -> Located:
    """The manifest nearest the top; where a SCORM and a cmi5 manifest lie side by side, the SCORM one."""
    found = [path for path in folder.paths if _name(path) in {IMS, CMI5}]
    if not found:
        raise _missing(folder)
    top = min(path.count("/") for path in found)
    nearest = [path for path in found if path.count("/") == top]
    places = {posixpath.dirname(path) for path in nearest}
    if len(places) > 1:
        raise Refused(
            "The zip holds several packages (%(places)s). Send each as a zip of its own.",
            places=", ".join(sorted(places)[:5]),
        )
    path = min(nearest, key=lambda path: _name(path) != IMS)
    return Located(path, _name(path))


def _name(path: str) -> str:
    return posixpath.basename(path).casefold()


def _missing(folder: Folder) -> Refused:
    """Says what the zip is instead, where that can be told by its files."""
    archives = [path for path in folder.paths if path.casefold().endswith(".zip")]
    names = {_name(path) for path in folder.paths}
    endings = {posixpath.splitext(name)[1] for name in names}
    if "tincan.xml" in names:
        return Refused("This is a Tin Can package. Export the lesson as cmi5, SCORM 2004 or SCORM 1.2.")
    if {".crs", ".au"} <= endings:
        return Refused("This is an AICC package. Export the lesson as SCORM 1.2, SCORM 2004 or cmi5.")
    if "h5p.json" in names:
        return Refused("This is an H5P file, which needs a program to show it. Export it as SCORM 1.2.")
    if "contentv3.xml" in names:
        return Refused(
            "This is a project of eXeLearning, not a lesson made from it. Export it there as SCORM 1.2."
        )
    if archives:
        return Refused(
            "The zip holds another zip (%(name)s) instead of a lesson. Unpack it and send the inner one.",
            name=archives[0],
        )
    return Refused(
        "The package has no imsmanifest.xml or cmi5.xml. Export the lesson as SCORM 1.2, SCORM 2004 or cmi5."
    )
