"""The headers of attachments (Data 2.4.11)."""

from typing import Any

from tracking.statements.validation.formats import iri, language_map, length, media_type, sha2
from tracking.statements.validation.walking import Table, each, walk

_ATTACHMENT = Table(
    usageType=iri,
    display=language_map,
    description=language_map,
    contentType=media_type,
    length=length,
    sha2=sha2,
    fileUrl=iri,
)


def _attachment(value: Any) -> None:
    walk(value, _ATTACHMENT, ("usageType", "display", "contentType", "length", "sha2"))


def attachments(value: Any) -> None:
    each(value, _attachment)
