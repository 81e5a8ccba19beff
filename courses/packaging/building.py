"""Building a package: files and a structure become one zip, the same bytes each time."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from courses.errors import Refused
from courses.packaging.build_plan import BuildItem, Plan, check_plan
from courses.packaging.cmi5_structure import cmi5_structure
from courses.packaging.limits import DEFAULT_LIMITS
from courses.packaging.names import clean_path, folded
from courses.packaging.scorm12_manifest import scorm12_manifest
from courses.packaging.scorm2004_manifest import scorm2004_manifest

# The earliest date that a zip can hold: the same content must give the same bytes whenever it is built.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE_FILE = 0o100644
Standard = Literal["scorm12", "scorm2004", "cmi5"]
# The file that describes a package of each standard, and what makes it.
_MANIFESTS: dict[str, tuple[str, Callable[[Plan], bytes]]] = {
    "scorm12": ("imsmanifest.xml", scorm12_manifest),
    "scorm2004": ("imsmanifest.xml", scorm2004_manifest),
    "cmi5": ("cmi5.xml", cmi5_structure),
}


def build(
    files: Mapping[str, bytes],
    *,
    identifier: str,
    title: str,
    lessons: Sequence[BuildItem],
    standard: Standard = "scorm12",
    description: str = "",
    keywords: Sequence[str] = (),
    language: str = "vi",
    minutes: int | None = None,
) -> bytes:
    """A zip of `files` (path to content) and the manifest made from the rest.

    `identifier` must be an XML name; `minutes` is the typical learning time of the whole package
    (by default the sum over the lessons when each has one).
    """
    if standard not in _MANIFESTS:
        raise Refused("Packages of the standard %(standard)s cannot be built.", standard=standard)
    manifest, describe = _MANIFESTS[standard]
    cleaned = _cleaned(files, manifest)
    plan = Plan(
        files=tuple(sorted(cleaned)),
        identifier=identifier,
        title=title,
        items=tuple(lessons),
        description=description,
        keywords=tuple(keywords),
        language=language,
        minutes=minutes,
    )
    check_plan(plan, standard)
    return _zipped({**cleaned, manifest: describe(plan)})


def _cleaned(files: Mapping[str, bytes], manifest: str) -> dict[str, bytes]:
    cleaned: dict[str, bytes] = {}
    taken = {folded(manifest)}
    for name, content in files.items():
        path = clean_path(name, DEFAULT_LIMITS)
        if not path or folded(path) in taken:
            raise Refused("The file name “%(name)s” is used twice. Rename one of the files.", name=name)
        taken.add(folded(path))
        cleaned[path] = content
    return cleaned


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE_FILE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=9)
    return buffer.getvalue()
