"""Pages that load something from another host: the player lets them load what the package holds, no more."""

import re
from collections.abc import Iterator

from courses.manifest.source import Source

_PAGES = (".html", ".htm", ".xhtml", ".css")
_PAGE_BYTES = 512 * 1024
_ALL_BYTES = 64 * 1024 * 1024
_MOST_HOSTS = 10
# The quantifiers below give nothing back (++), so that a page made to be slow to search is not.
_HOST = r"(?:https?:)?//([A-Za-z0-9.-]+)"
_TAG = re.compile(
    r"<(?:script|img|iframe|frame|audio|video|source|track|embed|object|link|input)\b[^<>]{0,2000}",
    re.IGNORECASE,
)
_LOADING = re.compile(rf"""\b(?:src|href|data|poster)\s*+=\s*+["']?+\s*+{_HOST}""", re.IGNORECASE)
_LINK = re.compile(r"<link\b", re.IGNORECASE)
_LINK_LOADS = re.compile(
    r"""\brel\s*+=\s*+["']?+[^"'>]{0,80}?(?:stylesheet|icon|preload|prefetch|manifest)""", re.IGNORECASE
)
_STYLE = re.compile(rf"""(?:url\(\s*+|@import\s++)["']?+\s*+{_HOST}""", re.IGNORECASE)


def notice_foreign_hosts(source: Source) -> None:
    """One notice for each of the first hosts, with the first page that needs it."""
    seen: set[str] = set()
    for path, host in _loads(source):
        if host not in seen:
            seen.add(host)
            source.notice(
                "The page %(file)s loads something from %(host)s. Lessons load only what is in their "
                "package, so that will be missing. Put it into the package, or make it a link.",
                file=path,
                host=host,
            )
        if len(seen) == _MOST_HOSTS:
            return


def _loads(source: Source) -> Iterator[tuple[str, str]]:
    """Page and host, for everything that pages load from elsewhere."""
    left = _ALL_BYTES
    for path in source.folder.paths:
        if path.casefold().endswith(_PAGES) and left > 0:
            page = source.folder.head(path, _PAGE_BYTES)
            left -= len(page)
            for host in foreign_hosts(page.decode("latin-1")):
                yield path, host


def foreign_hosts(page: str) -> Iterator[str]:
    """Hosts from which an HTML page or a style sheet loads by itself; links to follow do not count."""
    for tag in _TAG.finditer(page):
        markup = tag.group()
        loading = _LOADING.search(markup)
        if loading and (not _LINK.match(markup) or _LINK_LOADS.search(markup)):
            yield loading.group(1).lower()
    for style in _STYLE.finditer(page):
        yield style.group(1).lower()
