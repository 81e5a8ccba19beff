"""By which names the record finds a person: the id, the code, and the e-mail where nobody else has it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from lms.core.record import complete_anew
from tracking.identities.keys import local_key, mail_key
from tracking.identities.services import claim_many, release_many

Claim = tuple[str, UUID]


def claims_of(person: UUID, code: str, email: str | None) -> list[Claim]:
    keys = [local_key(str(person)), local_key(code)]
    if email:
        keys.append(mail_key(email))
    return [(key, person) for key in keys]


def change_claims(session: Session, *, gone: Iterable[Claim], new: Iterable[Claim], home_page: str) -> None:
    """Release and claim; what others sent before under these names counts from now on."""
    changes = [*release_many(session, gone), *claim_many(session, new)]
    complete_anew(session, changes, home_page=home_page)


def mail_claims(people: Iterable[tuple[UUID, str | None]]) -> list[Claim]:
    return [(mail_key(email), person) for person, email in people if email]
