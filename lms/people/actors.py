"""What the identifier of an agent says (`tracking.statements.agents.identifier`), in words for people."""

from dataclasses import dataclass
from enum import StrEnum

from lms.core.i18n import Message, lazy

# Under our home page, what is neither a code nor a person's id is a visitor who tried a lesson.
_RANDOM_ID = "________-____-____-____-____________"


class Kind(StrEnum):
    """By what an agent is identified."""

    MAIL = "mail"
    HASH = "hash"
    OPENID = "openid"
    ACCOUNT = "account"


KINDS = {
    Kind.MAIL: lazy("E-mail"),
    Kind.HASH: lazy("Hashed e-mail"),
    Kind.OPENID: lazy("OpenID"),
    Kind.ACCOUNT: lazy("Account"),
}


@dataclass(frozen=True)
class Actor:
    """`name` is the address, the hash, the OpenID, or the account's name; `home_page` an account's."""

    kind: Kind
    name: str
    home_page: str | None = None

    @property
    def label(self) -> Message:
        return KINDS[self.kind]


def read_actor(identifier: str) -> Actor:
    kind, _, rest = identifier.partition(":")
    if kind == "account":
        home, _, name = rest.partition("|")
        return Actor(Kind.ACCOUNT, name, home.replace("%7C", "|").replace("%25", "%"))
    if kind == "mbox":
        return Actor(Kind.MAIL, rest.removeprefix("mailto:"))
    return Actor(Kind.HASH if kind == "mbox_sha1sum" else Kind.OPENID, rest)


def guests_of(home_page: str) -> str:
    """The pattern (SQL LIKE) of identifiers under which visitors of this site try lessons."""
    home = home_page.replace("%", "%25").replace("|", "%7C")
    for mark in ("\\", "%", "_"):
        home = home.replace(mark, f"\\{mark}")
    return f"account:{home}|{_RANDOM_ID}"
