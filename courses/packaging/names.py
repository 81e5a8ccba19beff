"""Names of files inside packages: one spelling, and none that could do harm."""

import re
import unicodedata

from courses.errors import Refused
from courses.packaging.limits import Limits

_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED_CHARACTERS = frozenset('<>:"|?*')
_RESERVED_NAMES = frozenset({"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}) | {
    f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"
}
# Bidirectional controls show a name in another order than it has.
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset({"Cc", "Cs", "Cn", "Zl", "Zp"})
_JUNK_FOLDERS = frozenset({"__macosx", ".git", ".svn"})
_JUNK_FILES = frozenset({".ds_store", "thumbs.db", "desktop.ini", "icon\r"})


def clean_path(raw: str, limits: Limits) -> str:
    """The path as it will be on disk: relative, `/` between names, NFC; "" for the package's own folder.

    Refuses what could leave the package's folder, hide, or not exist on another computer.
    """
    path = unicodedata.normalize("NFC", raw.replace("\\", "/"))
    _refuse_unseen_characters(path)
    if path.startswith("/") or _DRIVE.match(path):
        raise Refused(
            "The file “%(name)s” has an absolute path. Make the zip from inside the folder of the lesson.",
            name=shown(path),
        )
    names = [name for name in path.split("/") if name not in {"", "."}]
    for name in names:
        _check_name(name, path, limits)
    cleaned = "/".join(names)
    if len(names) > limits.depth or len(cleaned.encode()) > limits.path_bytes:
        raise Refused(
            "The path of “%(name)s” is too long or too deep. Move the file to a folder nearer the top.",
            name=shown(path),
        )
    return cleaned


def folded(path: str) -> str:
    """The same for two paths that differ only in case or in how accents are composed."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", path).casefold())


def is_junk(raw: str) -> bool:
    """Whether an operating system or tool left it there; never a name that climbs or starts at /.

    It is asked before the name is cleaned, because some of these have characters that nobody can see.
    """
    names = raw.replace("\\", "/").casefold().split("/")
    if ".." in names or names[0] == "" or _DRIVE.match(raw):
        return False
    last = names[-1] or (names[-2] if len(names) > 1 else "")
    return last in _JUNK_FILES or not _JUNK_FOLDERS.isdisjoint(names)


def shown(path: str) -> str:
    """A name fit for a message: what cannot be seen is replaced, and it is cut to a readable length."""
    visible = "".join("\ufffd" if _unseen(character) else character for character in path)
    return visible if len(visible) <= 120 else f"{visible[:60]}…{visible[-50:]}"  # noqa: PLR2004  (a line)


def _unseen(character: str) -> bool:
    return character in _BIDI or unicodedata.category(character) in _UNSEEN


def _refuse_unseen_characters(path: str) -> None:
    if any(_unseen(character) for character in path):
        raise Refused(
            "The name of the file “%(name)s” contains a character that cannot be seen. Rename the file.",
            name=shown(path),
        )


def _check_name(name: str, path: str, limits: Limits) -> None:
    if name == "..":
        raise Refused(
            "The file “%(name)s” points outside the package. Make the zip in the folder of the lesson.",
            name=shown(path),
        )
    if not _RESERVED_CHARACTERS.isdisjoint(name) or name[-1] in ". " or _is_reserved(name):
        raise Refused(
            "The file “%(name)s” has a name that some computers do not allow. Rename it with letters, "
            "digits, hyphens and one dot.",
            name=shown(path),
        )
    if len(name.encode()) > limits.name_bytes:
        raise Refused("The name of the file “%(name)s” is too long. Shorten it.", name=shown(path))


def _is_reserved(name: str) -> bool:
    return name.split(".", maxsplit=1)[0].rstrip(" ").casefold() in _RESERVED_NAMES
