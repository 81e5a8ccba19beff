"""The pictures of a lesson: small SVG files that carry no script and load nothing."""

import re
from pathlib import Path

from lxml import etree

from courses.authoring.errors import Place

LARGEST = 30_000
SVG = "{http://www.w3.org/2000/svg}"
REFUSED_ELEMENTS = {"script", "style", "foreignObject", "image", "a", "animate", "set"}
DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def read_image(folder: Path, name: str, place: Place) -> bytes:
    path = folder / name
    if not path.is_file():
        place.refuse("the picture %(name)s is not in the folder of the lesson", name=name)
    content = path.read_bytes()
    if len(content) > LARGEST:
        place.refuse("the picture %(name)s is larger than %(most)d bytes", name=name, most=LARGEST)
    check_svg(content, name, place)
    return content


def check_svg(content: bytes, name: str, place: Place) -> None:
    if DOCTYPE.search(content):
        place.refuse("the picture %(name)s has a DOCTYPE; save it as plain SVG", name=name)
    try:
        root = etree.fromstring(content, PARSER)
    except etree.XMLSyntaxError as error:
        place.refuse("the picture %(name)s is not valid: %(error)s", name=name, error=error)
    if root.tag != SVG + "svg" or not root.get("viewBox"):
        place.refuse("the picture %(name)s must be an svg with a viewBox", name=name)
    for element in root.iter():
        local = str(element.tag).removeprefix(SVG)
        risky = [
            key for key in map(str, element.attrib) if key.startswith("on") or key.endswith(("href", "style"))
        ]
        if local in REFUSED_ELEMENTS or risky:
            place.refuse(
                "the picture %(name)s holds %(what)s; only plain shapes are accepted",
                name=name,
                what=risky[0] if risky else local,
            )


def size_of(content: bytes) -> dict[str, int]:
    """Width and height by the viewBox, so that a page does not jump when a picture arrives."""
    view_box = etree.fromstring(content, PARSER).get("viewBox", "")
    _, _, width, height = (round(float(number)) for number in view_box.replace(",", " ").split())
    return {"width": width, "height": height}
