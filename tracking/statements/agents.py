"""Who is meant: the inverse functional identifier of an agent or an identified group (Data 2.4.2.3)."""

from typing import Any

from tracking.identities.agents import Name


def identifier(agent: dict[str, Any]) -> str | None:
    """One string for one identity, whatever the name beside it; None for an anonymous group.

    `mbox:mailto:a@b`, `mbox_sha1sum:…`, `openid:…` or `account:<home page>|<name>`. The domain of an e-mail
    address and the digits of a hash are put in lower case, since their case means nothing (Data 2.3.1.b7).
    Percent signs and bars of the home page are escaped, so that the first bar ends it.
    """
    if "mbox" in agent:
        return f"mbox:{mailto(agent['mbox'])}"
    if "mbox_sha1sum" in agent:
        return f"mbox_sha1sum:{agent['mbox_sha1sum'].lower()}"
    if "openid" in agent:
        return f"openid:{agent['openid']}"
    if "account" in agent:
        account = agent["account"]
        home = account["homePage"].replace("%", "%25").replace("|", "%7C")
        return f"account:{home}|{account['name']}"
    return None


def name_of(agent: dict[str, Any]) -> Name | None:
    """Canonical identifier and kind; None for an anonymous group."""
    found = identifier(agent)
    if found is None:
        return None
    return (found, "group" if agent.get("objectType") == "Group" else "agent")


def mailto(address: str) -> str:
    """A mailto IRI with its domain in lower case."""
    local, at, domain = address.rpartition("@")
    return local + at + domain.lower()


def named_by(identifier: str) -> dict[str, Any]:
    """The property of an agent that a canonical identifier was made from: the other way round."""
    kind, _, value = identifier.partition(":")
    if kind != "account":
        return {kind: value}
    home, _, name = value.partition("|")
    return {"account": {"homePage": home.replace("%7C", "|").replace("%25", "%"), "name": name}}
