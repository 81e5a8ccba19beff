"""From what a manifest writes as an address to a file of the package, and to a URL that opens it."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from courses.manifest.folder import Folder

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
# Browsers drop these wherever they stand in an address, so "java\nscript:" is "javascript:".
_IGNORED = str.maketrans("", "", "\t\r\n")
_C0_AND_SPACE = "".join(map(chr, range(0x21)))
# What may stand in a query or fragment as it is (RFC 3986, sections 3.4 and 3.5), and escapes already made.
_SAFE = "!$&'()*+,;=:@/?%-._~[]"


@dataclass(frozen=True)
class Address:
    """A file with what follows it in the address; `path` is a path on disk, not percent-encoded."""

    path: str
    query: str = ""
    fragment: str = ""

    @property
    def url(self) -> str:
        query = f"?{quote(self.query, safe=_SAFE)}" if self.query else ""
        fragment = f"#{quote(self.fragment, safe=_SAFE)}" if self.fragment else ""
        return quote(self.path) + query + fragment


def is_outside(href: str) -> bool:
    """Whether the address names a host or a scheme (javascript:, http:, data: and every other)."""
    tidy = _tidy(href).replace("\\", "/")
    return tidy.startswith("//") or _SCHEME.match(tidy) is not None


def split(href: str) -> Address:
    """Path, query and fragment as written; backslashes in the path become slashes."""
    rest, _, fragment = _tidy(href).partition("#")
    path, _, query = rest.partition("?")
    return Address(path.replace("\\", "/"), query, fragment)


def resolved(folder: Folder, start: str, bases: Sequence[str], href: str) -> Address | None:
    """The file that the address means, or None when it is missing or outside the package.

    `start` is the manifest's folder; `bases` are the xml:base values, outermost first.
    """
    if any(is_outside(part) for part in [*bases, href]):
        return None
    parts = split(href)
    for path in _spellings(parts.path):
        if found := _found(folder, start, bases, path):
            return replace(parts, path=found)
    whole = _tidy(href).replace("\\", "/")
    for path in _spellings(whole):  # a file whose name itself holds a #
        if found := _found(folder, start, bases, path):
            return Address(found)
    return None


def with_parameters(address: Address, parameters: str) -> Address:
    """The item's parameters joined to the address (SCORM 2004 CAM 3.4.1.4, which 1.2 leaves open).

    They go before a fragment, never after it, where no server or page would look for them.
    """
    query, _, fragment = _tidy(parameters).lstrip("?&").partition("#")
    return replace(
        address,
        query="&".join(part for part in (address.query, query) if part),
        fragment=address.fragment or fragment,
    )


def _tidy(href: str) -> str:
    return href.strip(_C0_AND_SPACE).translate(_IGNORED)


def _spellings(path: str) -> Iterator[str]:
    """Unescaped, as an address is meant, and as it stands, as some tools mean it."""
    for encoding in ("utf-8", "gb18030", "cp1252"):
        try:
            yield unquote(path, encoding=encoding, errors="strict")
        except UnicodeDecodeError:
            continue
    yield path


def _found(folder: Folder, start: str, bases: Sequence[str], path: str) -> str | None:
    if not path:
        return None
    bases = [unquote(split(base).path).lstrip("/") for base in bases]
    for joined in (_as_folders(bases, path), _as_addresses(bases, path)):
        inside = posixpath.normpath(posixpath.join(start, joined))
        if found := folder.find(inside) or _index_of(folder, inside, path):
            return found
    return None


def _index_of(folder: Folder, inside: str, path: str) -> str | None:
    """The page that a browser shows at the address of a folder, which ends with a slash."""
    return folder.asked(f"{inside}/") if path.endswith("/") else None


def _as_folders(bases: Sequence[str], path: str) -> str:
    """Each base is a folder, with or without its closing slash."""
    return posixpath.join(*bases, path.lstrip("/"))


def _as_addresses(bases: Sequence[str], path: str) -> str:
    """As URLs are joined (RFC 3986, section 5.2): what follows a base's last slash falls away."""
    joined = ""
    for base in bases:
        joined = posixpath.join(posixpath.dirname(joined), base)
    return posixpath.join(posixpath.dirname(joined), path.lstrip("/"))
