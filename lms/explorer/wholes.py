"""A statement with all that hangs together with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from lms.accounts.models import Account
from lms.catalogue.models import Lesson
from lms.catalogue.queries import titles_of
from lms.core.audit import Act, AuditEntry
from lms.explorer import queries
from lms.explorer.queries import Kept
from lms.explorer.telling import Teller, Told, last_part
from lms.player.models import Attempt, CourseCompletion
from tracking.record.completions import Completion, Evidence
from tracking.record.models import Activity, Statement


@dataclass(frozen=True)
class Counted:
    """What a statement counts for, or counted for until it was `withdrawn`.

    `by_it`: the completion of the activity that stands now is this statement's; `still`: since when the
    activity is completed by another one.
    """

    activity: str
    title: str
    known: datetime
    withdrawn: datetime | None
    by_it: bool
    still: datetime | None


@dataclass(frozen=True)
class Rested:
    """Our statement that a course is completed, which rests on this one; `voided` if it was taken back."""

    statement_id: UUID
    title: str
    voided: bool


@dataclass(frozen=True)
class Whole:
    """`voiders` take the statement back (and `by` says who of us asked for it), `others` refer to it.

    `target` is the statement that this one takes back or refers to, where we have it; `attempt` the attempt
    at one of our lessons that it tells of.
    """

    told: Told
    version: str
    registration: UUID | None
    counted: Sequence[Counted]
    rested: Sequence[Rested]
    rests_on: Sequence[UUID]
    voiders: Sequence[Told]
    others: Sequence[Told]
    target: Told | None
    by: str | None
    attempt: UUID | None


def whole(session: Session, row: Kept, teller: Teller) -> Whole:
    statement, agent = row.statement, row.agent
    referring = teller.tell(queries.referring_to(session, statement.id))
    evidence = queries.evidence_of(session, statement.seq)
    rested = queries.resting_on(session, agent.learner, statement.id) if agent and agent.learner else []
    own = session.get(CourseCompletion, statement.id)
    titles = titles_of(session, {*(iri for _e, iri, _c in evidence), *(each.iri for each in rested)})
    return Whole(
        told=teller.tell([row])[0],
        version=statement.version,
        registration=statement.registration,
        counted=[_counted(each, iri, done, titles, statement.id) for each, iri, done in evidence],
        rested=[Rested(each.statement_id, titles.get(each.iri, each.iri), each.voided) for each in rested],
        rests_on=[UUID(each) for each in own.rests_on.values()] if own else [],
        voiders=[each for each in referring if each.voids],
        others=[each for each in referring if not each.voids],
        target=_target(session, statement.refers_to, teller),
        by=_taken_back_by(session, statement.id) if statement.voided_at else None,
        attempt=_attempt_of(session, statement),
    )


def _attempt_of(session: Session, statement: Statement) -> UUID | None:
    """In SCORM the registration is the attempt; in cmi5 that of a course, and each unit has attempts."""
    if statement.registration is None:
        return None
    unit = and_(Attempt.registration == statement.registration, Activity.id == statement.activity_id)
    return session.scalar(
        select(Attempt.id)
        .join(Lesson, Lesson.id == Attempt.lesson_id)
        .outerjoin(Activity, Activity.iri == Lesson.iri)
        .where(Attempt.preview.is_(False), or_(Attempt.id == statement.registration, unit))
        .limit(1)
    )


def _counted(
    evidence: Evidence, iri: str, completion: Completion | None, titles: dict[str, str], statement_id: UUID
) -> Counted:
    by_it = completion is not None and completion.statement_id == statement_id
    return Counted(
        activity=iri,
        title=titles.get(iri) or last_part(iri),
        known=evidence.known_at,
        withdrawn=evidence.withdrawn_at,
        by_it=by_it,
        still=completion.completed_at if completion is not None and not by_it else None,
    )


def _target(session: Session, statement_id: UUID | None, teller: Teller) -> Told | None:
    if statement_id is None:
        return None
    seqs = queries.numbers_of(session, [statement_id])
    told = teller.tell(queries.rows_of(session, seqs))
    return told[0] if told else None


def _taken_back_by(session: Session, statement_id: UUID) -> str | None:
    """The name of whose account took the statement back; none where a program did."""
    return session.scalar(
        select(Account.name)
        .join(AuditEntry, AuditEntry.actor == Account.id)
        .where(AuditEntry.subject == str(statement_id), AuditEntry.act == Act.STATEMENT_VOIDED.value)
        .order_by(AuditEntry.id)
        .limit(1)
    )
