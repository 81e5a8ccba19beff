"""What `lms doctor` tells about the exchange with other record stores."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.doctor import Finding
from lms.core.i18n import using
from lms.core.runtime import Runtime
from lms.flow.filters import going_to
from lms.flow.models import RemoteStore
from lms.flow.queries import remotes
from lms.flow.walking import read_walk
from lms.flow.words import Condition, standing_of
from tracking.record.models import Statement

LATE = timedelta(hours=1)


def flow(runtime: Runtime) -> Iterator[Finding]:
    """Whether statements flow: a finding for each that does not, one for all that do."""
    with using("en"), runtime.database.snapshot() as session:
        found = [standing_of(session, remote) for remote in remotes(session) if remote.active]
        late = [(each, behind_since(session, each.remote)) for each in found]
        wrong = [each for each, since in late if _is_wrong(each.condition, since)]
        for each in wrong:
            say = f"{each.remote.name}: {each.title}; {each.lag_in_words}; {each.problem or 'no error'}"
            yield Finding("flow", ok=False, say=f"{say}. See: lms flow list")
        letters = sum(each.letters for each in found)
        if not wrong:
            yield Finding(
                "flow", ok=True, say=f"{len(found)} record stores elsewhere, {letters} statements refused"
            )


def behind_since(session: Session, remote: RemoteStore) -> datetime | None:
    """When the oldest statement was stored that is not done with, none where nothing waits.

    Of a source, which does not tell: until when it was read.
    """
    if remote.pulls:
        walked = read_walk(remote.walk).high
        return walked or remote.succeeded or remote.created
    waiting = select(func.min(Statement.seq)).where(Statement.seq > remote.seq, going_to(session, remote))
    first = session.scalar(waiting)
    return session.scalar(select(Statement.stored).where(Statement.seq == first)) if first else None


def _is_wrong(condition: Condition, since: datetime | None) -> bool:
    late = since is not None and since < utc_now() - LATE
    return condition == Condition.STOPPED or (condition in (Condition.FAILING, Condition.BEHIND) and late)
