"""Whether a page talks to a run-time, for lessons whose manifest does not say (scormtype)."""

import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from courses.manifest.folder import Folder

_FILE_BYTES = 2 * 1024 * 1024
_ALL_BYTES = 64 * 1024 * 1024
_MOST_FILES = 40
_PAGES = (".html", ".htm", ".xhtml")
_TALKING = re.compile(r"LMSInitialize|API_1484_11")
_LOADED = re.compile(r"""\bsrc\s*+=\s*+["']?+([^"'<>\s?#]{1,300})""", re.IGNORECASE)


@dataclass
class Talking:
    """Looks into the files of one package; `left` is how many bytes may still be read."""

    folder: Folder
    left: int = _ALL_BYTES
    _known: dict[str, tuple[bool, tuple[str, ...]]] = field(default_factory=dict)

    def is_in(self, page: str) -> bool:
        """Whether the page, a script, or a page in a frame of it looks for a run-time of SCORM."""
        waiting = [page]
        for path in waiting:  # which grows
            talks, loaded = self._look(path)
            if talks:
                return True
            waiting += [found for found in loaded if found not in waiting]
            del waiting[_MOST_FILES:]
        return False

    def _look(self, path: str) -> tuple[bool, tuple[str, ...]]:
        """Whether the file talks, and what it loads."""
        if path not in self._known:
            text = self.folder.head(path, min(_FILE_BYTES, self.left)).decode("latin-1")
            self.left -= len(text)
            loaded = self._loaded(path, text) if path.casefold().endswith(_PAGES) else ()
            self._known[path] = _TALKING.search(text) is not None, loaded
        return self._known[path]

    def _loaded(self, page: str, text: str) -> tuple[str, ...]:
        start = posixpath.dirname(page)
        paths = (posixpath.join(start, unquote(match.group(1))) for match in _LOADED.finditer(text))
        found = (self.folder.find(posixpath.normpath(path)) for path in paths)
        wanted = (path for path in found if path and path.casefold().endswith((*_PAGES, ".js")))
        return tuple(dict.fromkeys(wanted))[:_MOST_FILES]
