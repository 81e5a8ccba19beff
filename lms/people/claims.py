"""By which names the record finds a person: the id, the code, and the e-mail where nobody else has it.

The e-mail also as its hash, which says the same to whoever knows the address.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from lms.core.record import complete_anew
from tracking.identities.keys import hashed_mail_key, local_key, mail_key
from tracking.identities.services import claim_many, release_many

Claim = tuple[str, UUID]


def claims_of(person: UUID, code: str, email: str | None) -> list[Claim]:
    own = [(local_key(str(person)), person), (local_key(code), person)]
    return [*own, *mail_claims([(person, email)])]


def change_claims(session: Session, *, gone: Iterable[Claim], new: Iterable[Claim], home_page: str) -> None:
    """Release and claim; what others sent before under these names counts from now on."""
    changes = [*release_many(session, gone), *claim_many(session, new)]
    complete_anew(session, changes, home_page=home_page)


def mail_claims(people: Iterable[tuple[UUID, str | None]]) -> list[Claim]:
    return [
        (key, person)
        for person, email in people
        if email
        for key in (mail_key(email), hashed_mail_key(email))
    ]
