"""The documents that a unit will read, for its device to have them when there is no network."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from lms.cmi5.models import Launch
from lms.cmi5.rules.late import PROFILE, STATE
from lms.cmi5.services.launch_data import LAUNCH_DATA, PREFERENCES, preferences_of, states_of
from tracking.documents import queries
from tracking.documents.queries import Kept

MOST = 20
MOST_BYTES = 256 * 1024  # what is more comes when the unit asks for it


@dataclass(frozen=True)
class Named:
    """A document under its name (stateId or profileId)."""

    resource: str
    name: str
    kept: Kept


def documents_of(session: Session, launch: Launch, agent: dict[str, Any]) -> tuple[list[Named], bool]:
    """Launch data, preferences and states, and whether these are all states that there are."""
    found, left, whole = [], MOST_BYTES, True
    shelf = states_of(launch.lesson.iri, agent)
    registration = launch.registration.id
    names = queries.listing(session, shelf, registration=registration).names
    for name in sorted(names, key=lambda name: name != LAUNCH_DATA)[:MOST]:
        kept = queries.document(session, shelf.place(name, registration))
        if kept is None or len(kept.content) > left:
            whole = False
            continue
        left -= len(kept.content)
        found.append(Named(STATE, name, kept))
    preferences = queries.document(session, preferences_of(agent))
    if preferences is not None:
        found.append(Named(PROFILE, PREFERENCES, preferences))
    return found, whole and len(names) <= MOST
