"""Parts of a cmi5 course structure: ids, texts in several languages, and what other namespaces add."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from courses.errors import Refused
from courses.manifest.package import Extension, LangString
from courses.manifest.source import Source
from courses.manifest.titles import plain, title_of
from courses.manifest.xml import Element, attribute, children, descendants, local_name, namespace, text

# An absolute IRI (RFC 3987, section 2.2), as strict as the record store: it stands in statements. http and
# https need a host, percent signs stand in escapes only, and there is one fragment at most.
_PLAIN = r"[^\s\x00-\x20\x7f-\x9f<>\"{}|\\^`%#]"
_IRI = re.compile(
    r"(?!(?i:https?):(?!//[^/?#]))[A-Za-z][A-Za-z0-9+.-]*:"
    rf"(?:{_PLAIN}++|%[0-9A-Fa-f]{{2}})++(?:\#(?:{_PLAIN}++|%[0-9A-Fa-f]{{2}})*+)?"
)
_SHOWN = 200


@dataclass(frozen=True)
class Part:
    """A course, block, unit or objective. Elements of other namespaces are never taken for its own."""

    element: Element
    source: Source

    @property
    def name(self) -> str:
        return local_name(self.element)

    @property
    def identifier(self) -> str:
        return self.attribute("id")

    @property
    def language(self) -> str:
        """Of the first title."""
        titles = texts(self, "title")
        return titles[0].language if titles else ""

    def attribute(self, name: str) -> str:
        return attribute(self.element, name)

    def parts(self, *names: str) -> Iterator["Part"]:
        own = namespace(self.element)
        return (Part(one, self.source) for one in children(self.element, *names) if namespace(one) == own)

    def part(self, name: str) -> "Part | None":
        return next(self.parts(name), None)


def checked_ids(whole: Part) -> None:
    """Every id is an absolute IRI and used once (sections 3 and 13.1)."""
    own = namespace(whole.element)
    for kinds in (("course", "block", "au"), ("objective",)):
        seen: set[str] = set()
        for element in descendants(whole.element, *kinds):
            if namespace(element) == own and not (kinds == ("objective",) and attribute(element, "idref")):
                _check_id(attribute(element, "id"), local_name(element), seen)


def _check_id(identifier: str, kind: str, seen: set[str]) -> None:
    if not identifier or identifier in seen:
        raise Refused(
            "In cmi5.xml every course, block, unit and objective needs an id of its own (“%(id)s”).",
            id=identifier[:_SHOWN],
        )
    if not _IRI.fullmatch(identifier):
        raise Refused(
            "The id “%(id)s” (%(kind)s) in cmi5.xml is not a whole IRI. It must begin like https://… "
            "and hold no spaces.",
            id=identifier[:_SHOWN],
            kind=kind,
        )
    seen.add(identifier)


def texts(part: Part, name: str) -> tuple[LangString, ...]:
    """All languages of a title or description."""
    parent = part.part(name)
    strings = [] if parent is None else list(children(parent.element, "langstring"))
    read = title_of if name == "title" else _description
    return tuple(LangString(attribute(string, "lang"), read(string)) for string in strings)


def _description(element: Element) -> str:
    return plain(text(element))


def words(part: Part, name: str) -> str:
    """Of a text in several languages the Vietnamese one, else the first."""
    found = texts(part, name)
    vietnamese = [one for one in found if one.language.lower().split("-")[0] == "vi" and one.text]
    return next((one.text for one in (*vietnamese, *found)), "")


def extensions(part: Part) -> tuple[Extension, ...]:
    """Elements and attributes of other namespaces (section 13.1.5), kept as they are."""
    own = namespace(part.element)
    found = [
        Extension(str(one.tag), etree.tostring(one, encoding="unicode", with_tail=False))
        for one in part.element
        if isinstance(one.tag, str) and namespace(one) != own
    ]
    found += [
        Extension(str(name), str(part.element.attrib[name]))
        for name in part.element.attrib
        if str(name).startswith("{") and not str(name).startswith("{http://www.w3.org/")
    ]
    return tuple(found)
