"""imsmanifest.xml of SCORM 2004 4th edition (Content Aggregation Model, sections 3.4 and 5.1)."""

import re
from typing import Any

from lxml import etree

from courses.packaging.build_plan import BuildItem, Plan, organization_identifier, resource_identifier
from courses.packaging.manifest_parts import XSI, Dialect, Element, as_bytes

CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
ADLCP = "http://www.adlnet.org/xsd/adlcp_v1p3"
IMSSS = "http://www.imsglobal.org/xsd/imsss"
LOM = "http://ltsc.ieee.org/xsd/LOM"
_DIALECT = Dialect(CP, ADLCP, "scormType")
_add = _DIALECT.add
_LOCATIONS = f"{CP} imscp_v1p1.xsd {ADLCP} adlcp_v1p3.xsd {IMSSS} imsss_v1p0.xsd {LOM} lom.xsd"
_TIME = re.compile(r"0*(\d+):0*(\d+):0*(\d+(?:\.\d+)?)")


def scorm2004_manifest(plan: Plan) -> bytes:
    """The manifest as UTF-8 XML: lessons may be chosen freely, and follow each other."""
    namespaces: dict[Any, str] = {None: CP, "adlcp": ADLCP, "imsss": IMSSS, "lom": LOM, "xsi": XSI}
    root = etree.Element(
        f"{{{CP}}}manifest",
        {"identifier": plan.identifier, "version": "1.0", f"{{{XSI}}}schemaLocation": _LOCATIONS},
        nsmap=namespaces,
    )
    _add_metadata(root, plan)
    organizations = _add(root, "organizations", default=organization_identifier(plan))
    organization = _add(organizations, "organization", identifier=organization_identifier(plan))
    _add(organization, "title").text = plan.title
    for item in plan.items:
        _add_item(organization, item)
    _add_control(_add(organization, "sequencing", IMSSS))
    _DIALECT.add_resources(root, plan)
    return as_bytes(root)


def _add_metadata(root: Element, plan: Plan) -> None:
    metadata = _add(root, "metadata")
    _add(metadata, "schema").text = "ADL SCORM"
    _add(metadata, "schemaversion").text = "2004 4th Edition"
    lom = _add(metadata, "lom", LOM)
    general = _add(lom, "general", LOM)
    _add_text(general, "title", plan.title, plan.language)
    _add(general, "language", LOM).text = plan.language
    if plan.description:
        _add_text(general, "description", plan.description, plan.language)
    for keyword in plan.keywords:
        _add_text(general, "keyword", keyword, plan.language)
    if plan.typical_minutes is not None:
        _add_minutes(lom, plan.typical_minutes)


def _add_text(parent: Element, name: str, text: str, language: str) -> None:
    string = _add(_add(parent, name, LOM), "string", LOM, language=language)
    string.text = text


def _add_minutes(lom: Element, minutes: int) -> None:
    time = _add(_add(lom, "educational", LOM), "typicalLearningTime", LOM)
    _add(time, "duration", LOM).text = f"PT{minutes}M"


def _add_item(parent: Element, item: BuildItem) -> None:
    element = _add(parent, "item", identifier=item.identifier)
    if item.href:
        element.set("identifierref", resource_identifier(item))
    if item.parameters:
        element.set("parameters", item.parameters)
    _add(element, "title").text = item.title
    for child in item.items:
        _add_item(element, child)
    if item.minutes is not None:
        _add_minutes(_add(_add(element, "metadata"), "lom", LOM), item.minutes)
    for name, value in (("timeLimitAction", item.time_limit_action), ("dataFromLMS", item.data_from_lms)):
        if value:
            _add(element, name, ADLCP).text = value
    _add_sequencing(element, item)


def _add_sequencing(element: Element, item: BuildItem) -> None:
    """In the schema's order: control mode, limits, objectives, delivery."""
    sequencing = _add(element, "sequencing", IMSSS)
    if item.items:
        _add_control(sequencing)
    if item.max_time_allowed:
        limits = _add(sequencing, "limitConditions", IMSSS)
        limits.set("attemptAbsoluteDurationLimit", _duration(item.max_time_allowed))
    if item.mastery_score is not None:
        _add_objective(sequencing, item)
    if item.href and item.scorm_type == "sco":
        _add(
            sequencing, "deliveryControls", IMSSS, completionSetByContent="true", objectiveSetByContent="true"
        )
    if not len(sequencing):
        element.remove(sequencing)


def _add_control(sequencing: Element) -> None:
    _add(sequencing, "controlMode", IMSSS, choice="true", flow="true")


def _add_objective(sequencing: Element, item: BuildItem) -> None:
    """The pass mark, 0..1: the host decides by it whether the lesson was passed."""
    objectives = _add(sequencing, "objectives", IMSSS)
    primary = _add(
        objectives,
        "primaryObjective",
        IMSSS,
        objectiveID=f"{item.identifier}-passed",
        satisfiedByMeasure="true",
    )
    _add(primary, "minNormalizedMeasure", IMSSS).text = f"{(item.mastery_score or 0) / 100:g}"


def _duration(written: str) -> str:
    """HHHH:MM:SS as ISO 8601; the plan was checked."""
    match = _TIME.fullmatch(written)
    if match is None:
        raise ValueError(written)
    hours, minutes, seconds = match.groups()
    return f"PT{hours}H{minutes}M{seconds}S"
