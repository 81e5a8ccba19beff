"""The normalised form under which an agent is looked for among the claims."""

from hashlib import sha1
from typing import Any


def local_key(name: str) -> str:
    """The key of an account under our own home page: a person's internal ID or CODE."""
    return f"local:{name}"


def mail_key(address: str) -> str:
    """The key of a mail address, with or without `mailto:`."""
    return f"mbox:{address.removeprefix('mailto:').strip().lower()}"


def hashed_mail_key(address: str) -> str:
    """The key of the same address where only its hash is told: the SHA-1 of its mailto IRI (Data 2.4.2.3)."""
    plain = mail_key(address).replace("mbox:", "mailto:", 1)
    return f"mbox_sha1sum:{sha1(plain.encode(), usedforsecurity=False).hexdigest()}"


def key_of(agent: dict[str, Any], identifier: str, home_page: str) -> str:
    """The key of an xAPI agent or identified group, whose canonical identifier is given."""
    account = agent.get("account")
    if account and account["homePage"].rstrip("/") == home_page.rstrip("/"):
        return local_key(account["name"])
    if "mbox" in agent:
        return mail_key(agent["mbox"])
    return identifier
