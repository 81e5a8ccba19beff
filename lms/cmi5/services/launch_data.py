"""What a unit reads when it starts (cmi5 sections 10 and 11)."""

from typing import Any

import orjson
from sqlalchemy.orm import Session

from lms.cmi5.models import Launch
from lms.core.vocabulary import iris
from tracking.documents import queries, services
from tracking.documents.places import Place, Shelf, profile_of_agent, state_of
from tracking.statements.agents import identifier

LAUNCH_DATA = "LMS.LaunchData"
PREFERENCES = "cmi5LearnerPreferences"
_JSON = "application/json"
# RFC 5646, in the order in which learners prefer them (section 11.1).
_LANGUAGES = {"vi": "vi-VN,en", "en": "en,vi-VN"}


def write_launch_data(session: Session, launch: Launch, agent: dict[str, Any]) -> None:
    """Put the launch data where the unit will look for it, in place of those of earlier launches."""
    place = states_of(launch.lesson.iri, agent).place(LAUNCH_DATA, launch.registration.id)
    services.put(session, place, orjson.dumps(launch_data(launch)), _JSON)


def write_preferences(session: Session, agent: dict[str, Any], language: str) -> None:
    """Tell the learner's language, unless a unit or an earlier launch has left preferences there."""
    place = preferences_of(agent)
    if queries.document(session, place) is None:
        told = {"languagePreference": _LANGUAGES.get(language, language), "audioPreference": "on"}
        services.put(session, place, orjson.dumps(told), _JSON)


def states_of(activity: str, agent: dict[str, Any]) -> Shelf:
    """Where the states of this learner in this unit lie."""
    return state_of(activity, _identified(agent))


def preferences_of(agent: dict[str, Any]) -> Place:
    return profile_of_agent(_identified(agent)).place(PREFERENCES)


def launch_data(launch: Launch) -> dict[str, Any]:
    """The document (section 10); what the course structure does not say is left out."""
    lesson = launch.lesson
    found: dict[str, Any] = {
        "contextTemplate": {
            "contextActivities": {"grouping": [{"objectType": "Activity", "id": lesson.identifier}]},
            "extensions": {iris.SESSION_ID: str(launch.id)},
        },
        "launchMode": launch.mode,
        "moveOn": lesson.move_on,
    }
    if lesson.launch_parameters:
        found["launchParameters"] = lesson.launch_parameters
    if lesson.mastery_score is not None:
        found["masteryScore"] = round(lesson.mastery_score, 4)
    if launch.return_url:
        found["returnURL"] = launch.return_url
    if lesson.entitlement_key:
        found["entitlementKey"] = {"courseStructure": lesson.entitlement_key}
    return found


def _identified(agent: dict[str, Any]) -> str:
    found = identifier(agent)
    if found is None:
        raise AssertionError(agent)  # we made it ourselves
    return found
