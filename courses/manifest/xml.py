"""XML from strangers: no document type, no entities, no network; names matched without case or namespace."""

import codecs
import html
import html.entities
import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

from courses.errors import Refused
from courses.packaging.encodings import is_vietnamese

Element = etree._Element  # noqa: SLF001  (the only name that lxml gives to the type)

_PROLOG = re.compile(r"(?:\s|<!--.*?-->|<\?.*?\?>)*+", re.DOTALL)
_TAG = re.compile(r"<[^\s<>/]+")
_MOST_PREFIXES = 20
_UNDECLARED = re.compile(r"Namespace prefix ([\w.-]+) .*is not defined")
_DECLARATION = re.compile(r"<\?xml\b[^>]*?\?>")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION_BYTES = 1024
# What people forget who write XML by hand, outside of what is taken to the letter; that goes to the end where
# it is not closed.
_LOOSE = re.compile(
    r"(<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*))"
    r"|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,30});)?"
    r"|[\0-\x08\x0b\x0c\x0e-\x1f]",
    re.DOTALL,
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# Encodings in which documents are written. Python knows others, which are not for documents.
_FOR_DOCUMENTS = re.compile(
    r"(?:utf|iso|ascii|cp|gb|big5|euc|shift|sjis|koi8|mac|tis|hz|johab|ptcp|kz)[\w-]*", re.IGNORECASE
)
_NOT_FOR_DOCUMENTS = frozenset({"utf-7"})
# Chinese tools write the name of the small set and use the large one.
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "cp1252"}


def parsed(raw: bytes, name: str, *, patient: bool = False) -> Element:
    """The root element of the file called `name`; a `patient` reader takes “&” where “&amp;” was meant."""
    text = _without_declaration(decoded(raw, name)[0])
    prolog = _PROLOG.match(text)
    start = prolog.end() if prolog else 0
    if text.startswith("<!", start):
        raise _document_type(name)
    try:
        root = _root_of(text, start, patient=patient)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        line = getattr(error, "lineno", None) or 0
        raise Refused(
            "%(name)s is not correct XML (line %(line)d). Export the package again.", name=name, line=line
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _document_type(name)
    return root


def _root_of(text: str, start: int, *, patient: bool) -> Element:
    try:
        return _root(text, start)
    except etree.XMLSyntaxError:
        mended = text[:start] + _LOOSE.sub(_mended, text[start:]) if patient else text
        if mended == text:
            raise
        return _root(mended, start)


def _mended(match: re.Match[str]) -> str:
    """A sign that HTML has a name for, an “&” that begins none, nothing for what XML has no place for."""
    letter, name = match.group(), match.group(2)
    if match.group(1) is not None:
        return letter
    if not letter.startswith("&"):
        return ""
    known = html.entities.html5.get(f"{name};")
    return html.escape(known) if known else f"&amp;{letter[1:]}"


def _root(text: str, start: int) -> Element:
    """The root, whose tag begins at `start`, though some tools forget to declare prefixes of namespaces."""
    parser = _parser()
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        lacking = _undeclared(parser)
        tag = _TAG.match(text, start)
        if tag is None or not 0 < len(lacking) <= _MOST_PREFIXES:
            raise
    declared = "".join(f' xmlns:{prefix}="urn:prefix:{prefix}"' for prefix in sorted(lacking))
    return etree.fromstring((text[: tag.end()] + declared + text[tag.end() :]).encode(), _parser())


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _undeclared(parser: etree.XMLParser) -> set[str]:
    """The prefixes that were used and not declared, when nothing else was wrong."""
    found = [_UNDECLARED.match(one.message) for one in parser.error_log]
    return {match.group(1) for match in found if match} if all(found) else set()


def _without_declaration(text: str) -> str:
    """The text after its declaration, whose encoding no longer holds."""
    text = text.strip().rstrip("\0\x1a\r\n\t ")  # what old editors leave at the end of a file
    declaration = _DECLARATION.match(text)
    return text[declaration.end() :].lstrip() if declaration else text


def _document_type(name: str) -> Refused:
    return Refused("%(name)s contains a DOCTYPE, which is not accepted. Remove that line.", name=name)


def decoded(raw: bytes, name: str) -> tuple[str, str]:
    """The text and its encoding, by its mark, its declaration, UTF-8 when that is not true, or a guess."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            candidates = [encoding]
            break
    else:
        declared = _ENCODING.match(raw[:_DECLARATION_BYTES])
        candidates = [_codec(declared.group(1).decode()) if declared else "utf-8", "utf-8"]
        # Saved by an editor that knows no declaration, on a computer in Vietnam or in the West.
        candidates += ["cp1258"] if is_vietnamese(raw) else ["cp1252"]
    for encoding in candidates:
        try:
            return _composed(raw.decode(encoding), encoding).lstrip("\ufeff"), encoding
        except UnicodeError:
            continue
    raise Refused("The letters of %(name)s cannot be read. Save the file as UTF-8.", name=name)


def _codec(declared: str) -> str:
    """Python's name of a declared encoding; UTF-8 where it is unknown or cannot be true.

    What could be read as far as its declaration has a byte for each letter: it is neither UTF-16 nor UTF-32.
    """
    try:
        name = codecs.lookup(_LARGER.get(declared.lower(), declared)).name
    except LookupError:
        return "utf-8"
    wide = name.startswith(("utf-16", "utf-32"))
    usable = _FOR_DOCUMENTS.fullmatch(name) and name not in _NOT_FOR_DOCUMENTS and not wide
    return name if usable else "utf-8"


def _composed(text: str, encoding: str) -> str:
    """Vietnamese Windows writes tones behind their letters; everybody else expects them together."""
    return unicodedata.normalize("NFC", text) if encoding == "cp1258" else text


def local_name(element: Element) -> str:
    """In small letters; "" for what is not an element."""
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def namespace(element: Element) -> str:
    """In small letters; "" for none, and for what is not an element."""
    return (etree.QName(element).namespace or "").lower() if isinstance(element.tag, str) else ""


def declared_namespaces(root: Element) -> set[str]:
    """All that are declared anywhere. Each declaration is seen once: they hold for everything inside."""
    return {uri for _, (_, uri) in etree.iterwalk(root, events=("start-ns",))}


def children(element: Element, *names: str) -> Iterator[Element]:
    wanted = {name.lower() for name in names}
    return (child for child in element if local_name(child) in wanted)


def child(element: Element | None, *path: str) -> Element | None:
    """The first child called `path[0]`, its first child called `path[1]`, and so on."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def descendants(element: Element, *names: str) -> Iterator[Element]:
    wanted = {name.lower() for name in names}
    return (found for found in element.iter() if local_name(found) in wanted)


def attribute(element: Element, name: str) -> str:
    """Stripped; "" when absent."""
    for key in element.attrib:  # without values: looking each up takes time by the square of their number
        if etree.QName(key).localname.lower() == name.lower():
            return str(element.attrib[key]).strip()
    return ""


def raw_text(element: Element | None) -> str:
    """All text inside, as it stands."""
    return "" if element is None else "".join(map(str, element.itertext()))


def text(element: Element | None) -> str:
    """All text inside as one line: markup falls away, white space is joined."""
    return " ".join(raw_text(element).split())
