"""Connects the rooms below the web: who hears which event, who does which job.

The web application, every command and every worker start with `wire`; only the first also needs the pages.
"""

from importlib import import_module

from lms.catalogue import sweeping
from lms.cmi5.queries import unheard_launches
from lms.cmi5.services import watching
from lms.cmi5.services.opening import open_for_player
from lms.cmi5.services.taking_back import fall_back
from lms.core import doctor, events
from lms.flow import health
from lms.player import opening, waiting
from lms.player.holding import versions_in_use
from lms.player.services.closing import close_pages
from lms.player.services.rollup import follow_lessons
from lms.xapi import supervision

# Importing these registers the handlers of their jobs, and their chores.
TASKS = (
    "lms.catalogue.tasks",
    "lms.cmi5.tasks",
    "lms.explorer.tasks",
    "lms.flow.tasks",
    "lms.people.tasks",
    "lms.player.tasks",
    "lms.support.tasks",
    "lms.xapi.tasks",
)


def wire() -> None:
    """Connect the rooms' events and register their jobs; doing it twice is doing it once."""
    events.connect(events.StatementsStored, follow_lessons)
    events.connect(events.StatementsVoided, fall_back)
    events.connect(events.SignedOut, close_pages)
    doctor.also(health.flow)
    opening.also("cmi5", open_for_player)
    supervision.also(watching)
    waiting.also(unheard_launches)
    sweeping.also_used_by(versions_in_use)
    for tasks in TASKS:
        import_module(tasks)
