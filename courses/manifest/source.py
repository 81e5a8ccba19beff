"""The manifest being read: its place, its files, and what was noticed on the way."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from courses.errors import Refused
from courses.manifest.addresses import Address, is_outside, resolved, split
from courses.manifest.folder import Folder
from courses.manifest.package import Notice
from courses.manifest.reporting import Talking

# Beyond this many, nobody reads them.
_MOST_NOTICES = 100
_MOST_ITEMS = 5_000


@dataclass
class Source:
    """`path` is the manifest's path from the package's root; `records` what metadata files say, by path."""

    folder: Folder
    path: str
    notices: list[Notice] = field(default_factory=list)
    records: dict[str, object] = field(default_factory=dict)
    _hosts: set[str] = field(default_factory=set)
    _items: int = 0

    def __post_init__(self) -> None:
        self.talking = Talking(self.folder)

    @property
    def is_alone(self) -> bool:
        """Whether there is nothing but the manifest."""
        return self.folder.paths == (self.path,)

    def count_item(self) -> None:
        """One more line of a table of contents: a manifest inside may stand in many places."""
        self._items += 1
        self.refuse_endless(self._items)

    def refuse_endless(self, lines: int) -> None:
        if lines > _MOST_ITEMS:
            raise Refused(
                "The table of contents has more than %(count)d lines. Split the package.", count=_MOST_ITEMS
            )

    def notice(self, message: str, **params: Any) -> None:
        found = Notice(message, params)
        if len(self.notices) < _MOST_NOTICES and found not in self.notices:
            self.notices.append(found)

    def notice_host(self, host: str, title: str) -> None:
        """Once for each host that lessons are on, with the first of them."""
        if host not in self._hosts:
            self._hosts.add(host)
            self.notice(
                "The unit “%(title)s” is not in the package but at %(host)s. It opens only while that host "
                "can be reached, and the host sees who learns.",
                title=title,
                host=host,
            )

    def file_of(self, href: str, bases: Sequence[str] = ()) -> Address | None:
        """The file that `href` means below the manifest and the xml:base values, outermost first."""
        return resolved(self.folder, posixpath.dirname(self.path), bases, href)

    def launch(self, href: str, bases: Sequence[str], title: str) -> Address:
        """The file with which a lesson starts; refuses one that is outside or missing."""
        outside = next((part for part in [*bases, href] if is_outside(part)), None)
        if outside is not None:
            raise Refused(
                "The lesson “%(title)s” starts with an address outside the package (%(href)s). "
                "Put its pages into the package.",
                title=title,
                href=outside[:200],
            )
        address = self.file_of(href, bases)
        if address is None:
            raise Refused(
                "The lesson “%(title)s” starts with the file “%(file)s”, which is missing from the package. "
                "Add the file, or correct its name in %(manifest)s.",
                title=title,
                file="".join([*bases, split(href).path])[:200],
                manifest=posixpath.basename(self.path),
            )
        return address
