"""What the player lets lessons say although scorm-again refuses it or mixes it up, in its two run-times."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.courses.manifest.sequencing import LIBRARY, node

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def told():
    command = [node(), str(HERE / "forgiving.mjs"), str(LIBRARY.parent)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("standard", "item", "latency"),
    [("scorm12", "C%C3%A2u 7", "00:00:01.23"), ("scorm2004", "Câu 7", "PT1.23S")],
    ids=str,
)
def test_another_question_in_the_place_of_an_answered_one_has_nothing_of_it(told, standard, item, latency):
    """Lessons that draw their questions number them from 0 in each session. Fine times are cut."""
    answers, (first, second) = told[standard]
    assert answers == [
        "false",
        "true",
        "true",
        "true",
        "true",
        "true",
    ]  # no id is none, and takes nothing away
    kept = {name: value for name, value in first.items() if value not in ("", {})}
    assert kept == {"id": item, "type": "choice", "latency": latency}
    assert second["id"] == "q2"
