"""Taking statements back."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.errors import Conflict, Refused
from lms.core.names import normal
from lms.core.record import our_authority, store_statements
from lms.core.vocabulary.document import LONGEST_REASON
from lms.explorer import queries
from lms.explorer.queries import Kept
from lms.player.services.statements import voiding
from lms.settings import Settings


@dataclass(frozen=True)
class TakenBack:
    """The voiding statement, and how many pieces of evidence count no longer: its own, and of its courses."""

    voiding: UUID
    withdrawn: int


def take_back(
    session: Session, statement_id: UUID, reason: str, *, settings: Settings, actor: int | None
) -> TakenBack:
    """Void a statement, in our own name; what counted by it counts no longer (Data 2.3.2).

    Raises NotFound, Conflict where it was taken back before, Refused for a voiding statement and for an empty
    reason.
    """
    row = queries.statement_of(session, statement_id)
    demand_voidable(row)
    why = normal(reason)
    if not why or len(why) > LONGEST_REASON:
        raise Refused("Say why, in at most 1,000 characters: whoever looks at the statement later will ask.")
    learner = row.agent.learner if row.agent else None
    before = queries.evidence_open(session, learner) if learner else set()
    said = voiding(statement_id, why, utc_now(), settings.public_url)
    store_statements(session, [said], settings=settings, authority=our_authority(settings.public_url))
    after = queries.evidence_open(session, learner) if learner else set()
    log(session, Act.STATEMENT_VOIDED, actor=actor, subject=str(statement_id), voiding=said["id"])
    return TakenBack(UUID(said["id"]), len(before - after))


def demand_voidable(row: Kept) -> None:
    """Raises Refused for a statement that voids another, Conflict for one that is void."""
    if row.statement.voids is not None:
        raise Refused(
            "This statement takes another one back, and cannot be taken back itself. If that was a mistake, "
            "the other statement must be sent again under a new number."
        )
    if row.statement.voided_at is not None:
        raise Conflict("This statement was taken back before.")
