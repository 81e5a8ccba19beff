"""imsmanifest.xml of SCORM 1.2 (Content Aggregation Model 1.2, section 2.3)."""

from typing import Any

from lxml import etree

from courses.packaging.build_plan import BuildItem, Plan, organization_identifier, resource_identifier
from courses.packaging.manifest_parts import XML, XSI, Dialect, Element, as_bytes

CP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
MD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
_DIALECT = Dialect(CP, ADLCP, "scormtype")
_add = _DIALECT.add
_LOCATIONS = f"{CP} imscp_rootv1p1p2.xsd {MD} imsmd_rootv1p2p1.xsd {ADLCP} adlcp_rootv1p2.xsd"


def scorm12_manifest(plan: Plan) -> bytes:
    """The manifest as UTF-8 XML."""
    namespaces: dict[Any, str] = {None: CP, "adlcp": ADLCP, "imsmd": MD, "xsi": XSI}
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
    _DIALECT.add_resources(root, plan)
    return as_bytes(root)


def _add_metadata(root: Element, plan: Plan) -> None:
    metadata = _add(root, "metadata")
    _add(metadata, "schema").text = "ADL SCORM"
    _add(metadata, "schemaversion").text = "1.2"
    lom = _add(metadata, "lom", MD)
    general = _add(lom, "general", MD)
    _add_text(general, "title", plan.title, plan.language)
    _add(general, "language", MD).text = plan.language
    if plan.description:
        _add_text(general, "description", plan.description, plan.language)
    for keyword in plan.keywords:
        _add_text(general, "keyword", keyword, plan.language)
    if plan.typical_minutes is not None:
        _add_minutes(lom, plan.typical_minutes)


def _add_text(parent: Element, name: str, text: str, language: str) -> None:
    string = _add(_add(parent, name, MD), "langstring", MD)
    string.set(f"{{{XML}}}lang", language)
    string.text = text


def _add_minutes(lom: Element, minutes: int) -> None:
    time = _add(_add(lom, "educational", MD), "typicallearningtime", MD)
    _add(time, "datetime", MD).text = f"PT{minutes}M"


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
        _add_minutes(_add(_add(element, "metadata"), "lom", MD), item.minutes)
    _add_run_time_data(element, item)


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
