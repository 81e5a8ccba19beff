"""imsmanifest.xml of SCORM 1.2 (Content Aggregation Model 1.2, section 2.3)."""

from lxml import etree

from courses.packaging.build_plan import BuildItem, Plan
from courses.packaging.manifest_parts import XML, Dialect, Element, as_bytes

CP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
MD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
_LOCATIONS = f"{CP} imscp_rootv1p1p2.xsd {MD} imsmd_rootv1p2p1.xsd {ADLCP} adlcp_rootv1p2.xsd"


def scorm12_manifest(plan: Plan) -> bytes:
    """The manifest as UTF-8 XML."""
    root = _DIALECT.manifest(plan, {"imsmd": MD}, _LOCATIONS)
    _DIALECT.add_organization(root, plan, _add_run_time_data)
    _DIALECT.add_resources(root, plan)
    return as_bytes(root)


def _say(parent: Element, text: str, language: str) -> None:
    string = etree.SubElement(parent, f"{{{MD}}}langstring", {f"{{{XML}}}lang": language})
    string.text = text


def _last(educational: Element, minutes: int) -> None:
    time = _add(educational, "typicallearningtime", MD)
    _add(time, "datetime", MD).text = f"PT{minutes}M"


_DIALECT = Dialect(CP, ADLCP, MD, "scormtype", "1.2", _say, _last)
_add = _DIALECT.add


def _add_run_time_data(element: Element, item: BuildItem) -> None:
    if item.prerequisites:
        _add(element, "prerequisites", ADLCP, type="aicc_script").text = item.prerequisites
    for name, value in (
        ("maxtimeallowed", item.max_time_allowed),
        ("timelimitaction", item.time_limit_action),
        ("datafromlms", item.data_from_lms),
        ("masteryscore", "" if item.mastery_score is None else f"{item.mastery_score:g}"),
    ):
        if value:
            _add(element, name, ADLCP).text = value
