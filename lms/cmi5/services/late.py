"""Taking in what units said and wrote while there was no network, in the order in which it was (decision 23).

It goes by the rules for sessions, as of the time when it was made; that the session was told as abandoned
since does not stand against it. Each request is taken once, whatever becomes of it.
"""

from io import BytesIO
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.cmi5.models import LateRequest, Launch, Outcome
from lms.cmi5.queries import the_launch
from lms.cmi5.rules.late import MOST, MOST_BYTES, STATEMENTS, Aim, Posted, TooMuch
from lms.cmi5.services.ending import ABANDONED, TERMINATED, take_abandoned_back
from lms.cmi5.services.late_documents import Overtaken, document_of, write_late
from lms.cmi5.services.registering import hold
from lms.cmi5.services.statements import agent_of
from lms.core.clock import utc_now
from lms.core.errors import Forbidden
from lms.core.i18n import using, words_of
from lms.core.runtime import Runtime
from lms.player.rules.times import behind, corrected
from lms.xapi import supervision
from lms.xapi.accepting import accept, accept_one, parse_under
from lms.xapi.attaching import is_mixed, receive, store_received
from lms.xapi.credentials import KnownSession, Late
from lms.xapi.reach import demand_statements
from lms.xapi.services import authority_of
from tracking.dialects import close
from tracking.statements.agents import identifier
from tracking.statements.parsing import parse_statements
from tracking.statements.validation import Invalid

_LANGUAGE = "vi"  # of those who help learners
_LONGEST = 200


def late_launch(session: Session, launch_id: UUID) -> Launch:
    """The session that a delivery key names. Raises NotFound; Forbidden where no unit ever got its token."""
    launch = the_launch(session, launch_id)
    if launch.credential is None:
        raise Forbidden("This session never began, so nothing of it can have been kept.")
    return launch


def take_in(session: Session, launch: Launch, posted: Posted, aim: Aim, runtime: Runtime) -> LateRequest:
    """Do what the unit asked for, unless that was done. Raises what a rule has against it."""
    known_before = _hold(session, launch, posted)
    if known_before is not None:
        return known_before
    launch.asked_preferences |= posted.prepared
    late = _request(launch, posted)
    known = _known(launch, posted, late, runtime)
    if aim.place is None:
        _say(session, launch, known, posted, aim, runtime)
    else:
        late.place = aim.place.key
        late.etag = write_late(session, launch, known, posted, aim.place, runtime.settings)
    session.add(late)
    session.flush()
    return late


def keep_for_support(session: Session, launch: Launch, posted: Posted, refusal: Exception) -> LateRequest:
    """Note what could not be taken, and why: it was learned, and whoever helps the learner shall find it."""
    known_before = _hold(session, launch, posted)
    if known_before is not None:
        return known_before
    late = _request(launch, posted)
    late.outcome = Outcome.OVERTAKEN if isinstance(refusal, Overtaken) else Outcome.REFUSED
    with using(_LANGUAGE):
        late.reason = words_of(refusal)
    late.content = posted.body
    session.add(late)
    session.flush()
    return late


def _hold(session: Session, launch: Launch, posted: Posted) -> LateRequest | None:
    """Let nobody else decide about the registration; what became of this request if it came before."""
    may_end = launch.ending == ABANDONED and b"terminated" in posted.body
    if may_end and _known_before(session, launch, posted) is None:
        close(session)  # `abandoned` may have to be taken back, which must not wait for others half-way
    hold(session, launch.registration)
    session.refresh(launch)
    found = _known_before(session, launch, posted)
    if found is None:
        _demand_room(session, launch, posted)
    return found


def _known_before(session: Session, launch: Launch, posted: Posted) -> LateRequest | None:
    return session.get(LateRequest, (launch.id, posted.id), populate_existing=True)


def _demand_room(session: Session, launch: Launch, posted: Posted) -> None:
    """Raises TooMuch: a unit could fill our disk by this door."""
    kept = func.coalesce(func.sum(func.length(LateRequest.content)), 0)
    counted = select(func.count(), kept).where(LateRequest.launch_id == launch.id)
    count, size = session.execute(counted).one()
    if count >= MOST or size + len(posted.body) > MOST_BYTES:
        raise TooMuch("A session may deliver %(most)s requests late.", most=MOST)


def _request(launch: Launch, posted: Posted) -> LateRequest:
    now = utc_now()
    return LateRequest(
        launch_id=launch.id,
        id=posted.id,
        arrived=now,
        happened=corrected(posted.at, posted.now, server_now=now, started=launch.started),
        what=_what(posted)[:_LONGEST],
        outcome=Outcome.TAKEN,
        reason="",
    )


def _what(posted: Posted) -> str:
    """`PUT statements: completed`, `PUT activities/state: bookmark`."""
    about = document_of(posted) if posted.resource != STATEMENTS else ", ".join(_verbs(posted.body))
    return f"{posted.method} {posted.resource}" + (f": {about}" if about else "")


def _verbs(body: bytes) -> list[str]:
    try:
        return [str(one["verb"]["id"]).rsplit("/", 1)[-1] for one in parse_statements(body)]
    except (Invalid, KeyError, TypeError):
        return []  # with files, or not what it should be


def _known(launch: Launch, posted: Posted, late: LateRequest, runtime: Runtime) -> KnownSession:
    """The session as if it knocked now; its own credential may be long gone."""
    agent = agent_of(launch.registration, runtime.settings.public_url)
    known_as = identifier(agent)
    if known_as is None or launch.credential is None:
        raise AssertionError(launch.id)  # we made both ourselves
    return KnownSession(
        key=launch.credential,
        secrets=(),
        agent=agent,
        identifier=known_as,
        registration=launch.registration.id,
        activity=launch.lesson.iri,
        course=launch.lesson.course.iri,
        revoked=None,
        late=Late(late.happened, behind(posted.now, server_now=late.arrived)),
    )


def _say(
    session: Session, launch: Launch, known: KnownSession, posted: Posted, aim: Aim, runtime: Runtime
) -> None:
    ended_as = launch.ending
    settings, under = runtime.settings, aim.statement
    if is_mixed(posted.content_type):
        _store_with_files(session, known, posted, aim, runtime)
    elif under is not None:
        accept_one(session, known, posted.body, under, settings=settings, version=aim.version)
    else:
        accept(session, known, posted.body, settings=settings, version=aim.version)
    if ended_as == ABANDONED and launch.ending == TERMINATED:
        take_abandoned_back(session, launch, settings=settings)


def _store_with_files(
    session: Session, known: KnownSession, posted: Posted, aim: Aim, runtime: Runtime
) -> None:
    settings, version, under = runtime.settings, aim.version, aim.statement
    with receive(
        BytesIO(posted.body),
        posted.content_type,
        runtime.files,
        parse=parse_statements if under is None else lambda body: [parse_under(body, under)],
        version=version,
        largest=settings.max_attachment_mb << 20,
    ) as received:
        demand_statements(session, known, received.statements, version)
        follow = supervision.admit(session, known, received.statements, settings)
        authority = authority_of(known, settings.public_url)
        store_received(session, received, settings=settings, authority=authority, version=version)
        follow()
