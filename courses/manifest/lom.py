"""Learning object metadata: language, description, keywords and typical learning time.

Both spellings: IMS 1.2.1 (langstring, datetime), which SCORM 1.2 uses, and IEEE LOM (string, duration).
"""

from dataclasses import dataclass

from courses.errors import Refused
from courses.manifest.durations import minutes_of
from courses.manifest.source import Source
from courses.manifest.titles import plain
from courses.manifest.xml import Element, attribute, child, children, descendants, parsed, text

_LARGEST_FILE = 1024 * 1024
_MOST_RECORDS = 100


@dataclass(frozen=True)
class Metadata:
    """What is known; empty values where nothing is said."""

    title: str = ""
    language: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    minutes: int | None = None


def metadata_of(element: Element, source: Source) -> Metadata:
    """The metadata of a manifest, organization, item or resource, inline or in a file of its own."""
    metadata = child(element, "metadata")
    if metadata is None:
        return Metadata()
    lom = next(descendants(metadata, "lom"), None)
    return _external(metadata, source) if lom is None else _read(lom)


def _external(metadata: Element, source: Source) -> Metadata:
    """The record in the file that adlcp:location names; one file may describe every lesson."""
    location = text(child(metadata, "location"))
    address = source.file_of(location) if location else None
    if address is None:
        return Metadata()
    found = source.records.get(address.path)
    if not isinstance(found, Metadata):
        found = _in_file(address.path, source)
        if len(source.records) < _MOST_RECORDS:
            source.records[address.path] = found
    return found


def _in_file(path: str, source: Source) -> Metadata:
    try:
        root = parsed(source.folder.head(path, _LARGEST_FILE), path)
    except Refused as refused:
        source.notice(refused.message, **refused.params)
        return Metadata()
    lom = next(descendants(root, "lom"), None)
    return Metadata() if lom is None else _read(lom)


def _read(lom: Element) -> Metadata:
    general = child(lom, "general")
    time = child(lom, "educational", "typicalLearningTime")
    written = child(time, "duration")
    return Metadata(
        title=plain(_chosen(child(general, "title"))),
        language=text(child(general, "language")),
        description=plain(_chosen(child(general, "description"))),
        keywords=_keywords(general),
        minutes=minutes_of(text(written if written is not None else child(time, "datetime"))),
    )


def _keywords(general: Element | None) -> tuple[str, ...]:
    if general is None:
        return ()
    words = [
        text(string)
        for keyword in children(general, "keyword", "keywords")
        for string in children(keyword, "langstring", "string")
    ]
    return tuple(dict.fromkeys(word for word in words if word))


def _chosen(strings: Element | None) -> str:
    """Of texts in several languages the Vietnamese one, else the first."""
    if strings is None:
        return ""
    choices = list(children(strings, "langstring", "string"))
    for choice in choices:
        if (attribute(choice, "lang") or attribute(choice, "language")).lower().startswith("vi"):
            return text(choice)
    return text(choices[0]) if choices else text(strings)
