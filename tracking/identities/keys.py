"""The normalised form under which an agent is looked for among the claims."""

from typing import Any


def local_key(name: str) -> str:
    """The key of an account under our own home page: a person's internal ID or CODE."""
    return f"local:{name}"


def mail_key(address: str) -> str:
    """The key of a mail address, with or without `mailto:`."""
    return f"mbox:{address.removeprefix('mailto:').strip().lower()}"


def key_of(agent: dict[str, Any], identifier: str, home_page: str) -> str:
    """The key of an xAPI agent or identified group, whose canonical identifier is given."""
    account = agent.get("account")
    if account and account["homePage"].rstrip("/") == home_page.rstrip("/"):
        return local_key(account["name"])
    if "mbox" in agent:
        return mail_key(agent["mbox"])
    return identifier
