"""Entity tags and the conditions that name them (RFC 9110, 13.1; xAPI 1.0.3 part 3, 3.1)."""

import re
from dataclasses import dataclass
from hashlib import sha1

from tracking.documents.errors import PreconditionFailed, Unconditional
from tracking.statements.validation import Invalid

_NEW = "If-None-Match"
# Many xAPI clients forget the quotation marks, so a tag may stand without them.
_TAG = re.compile(r'\s*([Ww]/)?(?:"([^"]*)"|([^",\s]+))\s*(?:,|$)')


@dataclass(frozen=True, slots=True)
class Tags:
    """The value of If-Match or If-None-Match: `*` (`any`), or tags, the weak ones apart."""

    any: bool = False
    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Precondition:
    """What must be true of the document that is there now.

    `if_match`: it is one of these, compared strongly (a weak tag matches nothing). `if_none_match`: it is
    none of these, or with `*` there is none. `named`: where there is one, one of the two must be given;
    `always_named`: where there is none yet too.
    """

    if_match: Tags | None = None
    if_none_match: Tags | None = None
    named: bool = False
    always_named: bool = False

    def check(self, etag: str | None) -> None:
        """Compare with the tag of the document that is there, None for none.

        Raises PreconditionFailed, Unconditional, or Invalid.
        """
        self._check_match(etag)
        self._check_none_match(etag)
        if self.if_match is None and self.if_none_match is None:
            self._check_named(etag)

    def _check_named(self, etag: str | None) -> None:
        if etag is not None and (self.named or self.always_named):
            raise Unconditional(
                "There is such a document already. Look at its present state, and send its ETag as If-Match "
                "to replace it."
            )
        if etag is None and self.always_named:
            raise Invalid("%(path)s: is missing; send * to say that there is no such document yet", _NEW)

    def _check_match(self, etag: str | None) -> None:
        tags = self.if_match
        if tags is None:
            return
        if etag is None:
            raise PreconditionFailed("If-Match: there is no such document.")
        if not tags.any and etag not in tags.strong:
            raise PreconditionFailed(
                'If-Match: the document is another one now; its ETag is "%(etag)s".', etag=etag
            )

    def _check_none_match(self, etag: str | None) -> None:
        tags = self.if_none_match
        if tags is None or etag is None:
            return
        if tags.any or etag in tags.strong or etag in tags.weak:
            raise PreconditionFailed(
                'If-None-Match: there is such a document; its ETag is "%(etag)s".', etag=etag
            )


ALWAYS = Precondition()


def etag_of(content: bytes) -> str:
    """The SHA-1 of the bytes in hexadecimal digits, which xAPI 1.0.3 demands (3.1.s4.b2)."""
    return sha1(content, usedforsecurity=False).hexdigest()


def read_tags(header: str | None) -> Tags | None:
    """The tags of a header; None where there is no header. From what cannot be read on there is none."""
    if header is None:
        return None
    if header.strip() == "*":
        return Tags(any=True)
    found, position = [], 0
    while position < len(header) and (read := _TAG.match(header, position)):
        found.append((read[1], read[2] if read[3] is None else read[3]))
        position = read.end()
    return Tags(
        strong=frozenset(tag for weak, tag in found if not weak),
        weak=frozenset(tag for weak, tag in found if weak),
    )
