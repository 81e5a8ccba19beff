"""Assignable units of a cmi5 course (sections 8.1.1, 13.1.4 and 14): addresses, and what they demand."""

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

from courses.errors import Refused
from courses.manifest.addresses import is_outside
from courses.manifest.cmi5_parts import Part, extensions, texts
from courses.manifest.package import Lesson, Objective
from courses.manifest.xml import raw_text

_MOVE_ON = ("NotApplicable", "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed")
_LAUNCH_METHODS = ("AnyWindow", "OwnWindow")
_SCORE = re.compile(r"\+?(?:0*(?:\.\d*)?|0*1(?:\.0*)?)")
# What an LMS adds to the address: the unit must not have it there already (section 8.1).
_LAUNCH_NAMES = frozenset({"endpoint", "fetch", "actor", "registration", "activityId"})
_UNSAFE = re.compile(r"[\s<>\"{}|\\^`\x00-\x20\x7f]")
_SAFE = "!$&'()*+,;=:@/?%-._~[]#"
_SHOWN = 200


def unit(
    part: Part, title: str, parents: tuple[str, ...], language: str, objectives: tuple[Objective, ...]
) -> Lesson:
    """The lesson that a unit is; refuses what could not be launched or judged as its author meant."""
    href, file = _address(part, title)
    return Lesson(
        identifier=part.identifier,
        title=title,
        href=href,
        file=file,
        parents=parents,
        objectives=objectives,
        language=part.language or language,
        mastery_score=_mastery_score(part, title),
        move_on=_word(part, "moveOn", _MOVE_ON, title),
        launch_method=_word(part, "launchMethod", _LAUNCH_METHODS, title),
        launch_parameters=_string(part, "launchParameters"),
        entitlement_key=_string(part, "entitlementKey"),
        remote=not file,
        activity_type=_said(part, "activityType", title),
        titles=texts(part, "title"),
        descriptions=texts(part, "description"),
        extensions=extensions(part),
    )


def _string(part: Part, name: str) -> str:
    """Without the white space around it, with which editors lay out the file."""
    found = part.part(name)
    return "" if found is None else raw_text(found.element).strip()


def _said(part: Part, name: str, title: str) -> str:
    """The attribute; some write an element, and leaving that out would complete the course too early."""
    if written := part.attribute(name):
        return written
    written = _string(part, name)
    if written:
        part.source.notice(
            "“%(title)s” has %(name)s as an element of cmi5.xml. It is an attribute, and was taken as one.",
            title=title,
            name=name,
        )
    return written


def _word(part: Part, name: str, words: tuple[str, ...], title: str) -> str:
    """One of `words`, spelled exactly so; the first where nothing is said."""
    written = _said(part, name, title)
    if written and written not in words:
        raise Refused(
            "“%(value)s” is no %(name)s (in the unit “%(title)s”). Write one of: %(words)s.",
            value=written[:_SHOWN],
            name=name,
            title=title,
            words=", ".join(words),
        )
    return written or words[0]


def _mastery_score(part: Part, title: str) -> float | None:
    """A decimal number, 0..1."""
    written = _said(part, "masteryScore", title)
    if not written:
        return None
    if not _SCORE.fullmatch(written) or not any(map(str.isdigit, written)):
        raise Refused(
            "The masteryScore of “%(title)s” is “%(value)s”. It must be a number from 0 to 1, such as 0.8.",
            title=title,
            value=written[:_SHOWN],
        )
    return float(written)


def _address(part: Part, title: str) -> tuple[str, str]:
    """The address, and the file it means in the package, "" for one on another host."""
    written = _string(part, "url")
    if not written:
        raise Refused("The unit “%(title)s” has no url in cmi5.xml.", title=title)
    split = _split(written, title)
    conflict = next(
        (name for name, _ in parse_qsl(split.query, keep_blank_values=True) if name in _LAUNCH_NAMES), None
    )
    if conflict:
        raise Refused(
            "The address of “%(title)s” uses “%(name)s”, which belongs to the launch. Give it another name.",
            title=title,
            name=conflict,
        )
    if split.scheme.lower() in {"http", "https"}:
        address = _remote(written, split.hostname, title)
        part.source.notice_host(split.hostname or "", title)
        return address, ""
    if is_outside(written):
        raise Refused(
            "The unit “%(title)s” starts with “%(url)s”, which a browser cannot open from here. Write an "
            "address with https://, or the path of a file in the package.",
            title=title,
            url=written[:_SHOWN],
        )
    if part.source.is_alone:
        raise Refused(
            "The unit “%(title)s” starts with the file “%(url)s”, but only cmi5.xml was sent. Send all files "
            "in one zip, or write the whole address (https://…).",
            title=title,
            url=written[:_SHOWN],
        )
    file = part.source.launch(written, (), title)
    return file.url, file.path


def _split(written: str, title: str) -> SplitResult:
    try:
        return urlsplit(written)
    except ValueError as error:
        raise _broken(written, title) from error


def _remote(written: str, host: str | None, title: str) -> str:
    if not host or _UNSAFE.search(written) or not host.isascii():
        raise _broken(written, title)
    return quote(written, safe=_SAFE)


def _broken(written: str, title: str) -> Refused:
    return Refused(
        "The address of “%(title)s” is not a correct URL: “%(url)s”. Spaces are written %%20.",
        title=title,
        url=written[:_SHOWN],
    )
