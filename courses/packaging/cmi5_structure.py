"""cmi5.xml: the course structure of cmi5 (cmi5 specification, section 13)."""

from urllib.parse import quote

from lxml import etree

from courses.packaging.build_plan import BuildItem, Plan
from courses.packaging.manifest_parts import Element, as_bytes

NAMESPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
# An IRI that belongs to no host: a package may be used on any.
PUBLISHER = "urn:uuid:56aafb75-51e2-4a93-9f1f-0826bb1ddcbb"


def cmi5_structure(plan: Plan) -> bytes:
    """The course structure as UTF-8 XML. Chapters are blocks, lessons are assignable units."""
    root = etree.Element(f"{{{NAMESPACE}}}courseStructure", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    course = _add(root, "course", id=publisher_id(plan.identifier))
    _add_texts(course, plan, plan.title, plan.description)
    for item in plan.items:
        _add_item(root, plan, item)
    return as_bytes(root)


def publisher_id(*names: str) -> str:
    """The IRI of the course, or of a part of it, as whoever made it knows it."""
    return f"{PUBLISHER}#{quote('/'.join(names))}"


def _add(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)


def _add_item(parent: Element, plan: Plan, item: BuildItem) -> None:
    """A chapter with a page of its own is a block whose first unit is that page: cmi5 has no such thing."""
    identifier = publisher_id(plan.identifier, item.identifier)
    if not item.items:
        _add_unit(parent, plan, item, identifier)
        return
    block = _add(parent, "block", id=f"{identifier}/block")
    _add_texts(block, plan, item.title, "")
    if item.href:
        _add_unit(block, plan, item, identifier)
    for one in item.items:
        _add_item(block, plan, one)


def _add_unit(parent: Element, plan: Plan, item: BuildItem, identifier: str) -> None:
    unit = _add(parent, "au", id=identifier, launchMethod="AnyWindow", moveOn=_move_on(item))
    if item.mastery_score is not None:
        unit.set("masteryScore", f"{item.mastery_score / 100:g}")
    _add_texts(unit, plan, item.title, plan.description if len(plan.lessons) == 1 else "")
    _add(unit, "url").text = _address(item)
    if item.data_from_lms:
        _add(unit, "launchParameters").text = item.data_from_lms


def _move_on(item: BuildItem) -> str:
    """What only shows itself can report nothing, and is finished by being there."""
    if item.scorm_type == "asset":
        return "NotApplicable"
    return "Completed" if item.mastery_score is None else "CompletedAndPassed"


def _address(item: BuildItem) -> str:
    address, hash_sign, fragment = (item.href or "").partition("#")
    more = item.parameters.lstrip("?&")
    if more:
        address += ("&" if "?" in address else "?") + more
    return address + hash_sign + fragment


def _add_texts(parent: Element, plan: Plan, title: str, description: str) -> None:
    """The schema demands both; without a description the title says what it is."""
    for name, text in (("title", title), ("description", description or title)):
        _add(_add(parent, name), "langstring", lang=plan.language).text = text
