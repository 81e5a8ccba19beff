"""Opening a unit (cmi5 sections 8.1, 9.3.1 and 10)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from lms.catalogue.models import Lesson
from lms.cmi5.addresses import launch_address, unit_address
from lms.cmi5.models import Launch, Mode, Reached, Registration
from lms.cmi5.queries import learner_of, open_launches
from lms.cmi5.rules.moving import is_done
from lms.cmi5.services.ending import abandon
from lms.cmi5.services.launch_data import write_launch_data, write_preferences
from lms.cmi5.services.registering import attempt_at, hold, register
from lms.cmi5.services.statements import agent_of, launched
from lms.core.clock import utc_now
from lms.core.record import our_authority, store_statements
from lms.player.models import Attempt, PlaySession
from lms.player.queries import newest_number
from lms.player.services.launching import TOKEN_LIFE
from lms.settings import Settings


@dataclass(frozen=True)
class Opening:
    """How to open a unit. Without a `mode`: Review once the unit is done, Browse in a preview, else Normal.

    `return_url` is where the unit shall lead the learner when it ends, "" for nowhere.
    """

    return_url: str = ""
    language: str = "vi"
    mode: Mode | None = None
    preview: bool = False


@dataclass(frozen=True)
class Opened:
    """A launch, and the address that opens it, once."""

    launch: Launch
    address: str


def open_unit(
    session: Session, lesson: Lesson, learner: UUID, opening: Opening, *, is_guest: bool, settings: Settings
) -> Opened:
    """Open the unit for the learner, in the registration they have or in a new one."""
    registration, attempt = register(
        session, lesson, learner, is_guest=is_guest, preview=opening.preview, settings=settings
    )
    return _open(session, registration, attempt, opening, settings)


def open_again(
    session: Session, registration: Registration, lesson: Lesson, opening: Opening, *, settings: Settings
) -> Opened:
    """Open a unit in just this registration; `lesson` is of its version."""
    hold(session, registration)
    learner = learner_of(session, registration)
    attempt = attempt_at(session, registration, lesson, learner, is_guest=False)
    return _open(session, registration, attempt, opening, settings)


def _open(
    session: Session, registration: Registration, attempt: Attempt, opening: Opening, settings: Settings
) -> Opened:
    for left in open_launches(session, registration):
        abandon(session, left, settings=settings)
    launch = _launch(session, registration, attempt, opening, settings)
    agent = agent_of(registration, settings.public_url)
    write_launch_data(session, launch, agent)
    write_preferences(session, agent, opening.language)
    store_statements(
        session,
        [launched(launch, settings.public_url)],
        settings=settings,
        authority=our_authority(settings.public_url),
    )
    return Opened(launch, launch_address(launch, agent, settings))


def _launch(
    session: Session, registration: Registration, attempt: Attempt, opening: Opening, settings: Settings
) -> Launch:
    now = utc_now()
    # Final from the beginning: nothing may come to it as SCORM's commits do.
    play = PlaySession(
        attempt=attempt,
        number=newest_number(session, attempt) + 1,
        opened=True,
        final=True,
        language=opening.language,
        started=now,
        expires=now + TOKEN_LIFE,
    )
    session.add(play)
    session.flush()
    unit = session.get(Reached, (registration.id, attempt.lesson_id))
    launch = Launch(
        id=play.id,
        play=play,
        registration=registration,
        mode=(opening.mode or _fitting(registration, attempt.lesson, unit)).value,
        address=unit_address(play, settings),
        return_url=opening.return_url,
        said=[],
        started=now,
        expires=play.expires,
    )
    session.add(launch)
    attempt.updated = now
    session.flush()
    return launch


def _fitting(registration: Registration, lesson: Lesson, unit: Reached | None) -> Mode:
    if registration.preview:
        return Mode.BROWSE
    return Mode.REVIEW if is_done(lesson.move_on, unit) else Mode.NORMAL
