"""imsmanifest.xml of SCORM 2004 4th edition (Content Aggregation Model, sections 3.4 and 5.1)."""

import re

from courses.packaging.build_plan import BuildItem, Plan
from courses.packaging.manifest_parts import Dialect, Element, as_bytes

CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
ADLCP = "http://www.adlnet.org/xsd/adlcp_v1p3"
IMSSS = "http://www.imsglobal.org/xsd/imsss"
LOM = "http://ltsc.ieee.org/xsd/LOM"
_LOCATIONS = f"{CP} imscp_v1p1.xsd {ADLCP} adlcp_v1p3.xsd {IMSSS} imsss_v1p0.xsd {LOM} lom.xsd"
_TIME = re.compile(r"0*(\d+):0*(\d+):0*(\d+(?:\.\d+)?)")


def scorm2004_manifest(plan: Plan) -> bytes:
    """The manifest as UTF-8 XML: lessons may be chosen freely, and follow each other."""
    root = _DIALECT.manifest(plan, {"imsss": IMSSS, "lom": LOM}, _LOCATIONS)
    organization = _DIALECT.add_organization(root, plan, _finish_item)
    _add_control(_add(organization, "sequencing", IMSSS))
    _DIALECT.add_resources(root, plan)
    return as_bytes(root)


def _say(parent: Element, text: str, language: str) -> None:
    _add(parent, "string", LOM, language=language).text = text


def _last(educational: Element, minutes: int) -> None:
    time = _add(educational, "typicalLearningTime", LOM)
    _add(time, "duration", LOM).text = f"PT{minutes}M"


_DIALECT = Dialect(CP, ADLCP, LOM, "scormType", "2004 4th Edition", _say, _last)
_add = _DIALECT.add


def _finish_item(element: Element, item: BuildItem) -> None:
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
