"""What statements together said about an activity."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracking.record.models import Activity

_DEFINITION = select(Activity.definition).where(Activity.iri == bindparam("wanted"))


def definition(session: Session, iri: str) -> bytes | None:
    """The definition as JSON; None for an activity that nobody has described."""
    return session.connection().scalar(_DEFINITION, {"wanted": iri})
