"""What requests for the resources beside statements are made of."""

import json
from typing import Any
from uuid import uuid4

ROOT = "/xapi"
LESSON = "https://example.org/lessons/qr"
AN = {"account": {"homePage": "http://localhost:8000", "name": "CVA-001"}}
VERSION = "X-Experience-API-Version"

STATE, ACTIVITY_PROFILE, AGENT_PROFILE = "activities/state", "activities/profile", "agents/profile"
DOCUMENTS = (STATE, ACTIVITY_PROFILE, AGENT_PROFILE)
NAMES = {STATE: "stateId", ACTIVITY_PROFILE: "profileId", AGENT_PROFILE: "profileId"}


def agent(**changes: Any) -> str:
    return json.dumps(AN | changes)


def query(resource: str, **changes: str | None) -> dict[str, str]:
    """A query that names one document, with changes; None leaves a parameter out."""
    whole = {NAMES[resource]: str(uuid4())}
    if resource != AGENT_PROFILE:
        whole["activityId"] = LESSON
    if resource != ACTIVITY_PROFILE:
        whole["agent"] = agent()
    return {name: value for name, value in (whole | changes).items() if value is not None}


def speaking(headers: dict[str, str], version: str) -> dict[str, str]:
    return headers | {VERSION: version}
