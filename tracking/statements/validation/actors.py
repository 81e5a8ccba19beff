"""Agents and groups (Data 2.4.2), and the authority (Data 2.4.9)."""

from typing import Any

from tracking.statements.validation.faults import Invalid
from tracking.statements.validation.formats import iri, mailto, one_of, sha1, string, uri
from tracking.statements.validation.walking import Check, Table, each, walk

_ACCOUNT = Table(homePage=iri, name=string)
_MEMBERS_OF_AUTHORITY = 2


def _account(value: Any) -> None:
    walk(value, _ACCOUNT, ("homePage", "name"))


def _members(value: Any) -> None:
    each(value, agent)


_IDENTIFIERS: dict[str, Check] = {"mbox": mailto, "mbox_sha1sum": sha1, "openid": uri, "account": _account}
_AGENT = Table(objectType=one_of("Agent"), name=string, **_IDENTIFIERS)
_GROUP = Table(objectType=one_of("Group"), name=string, member=_members, **_IDENTIFIERS)


def _identifiers(value: dict[str, Any]) -> int:
    return ("mbox" in value) + ("mbox_sha1sum" in value) + ("openid" in value) + ("account" in value)


def agent(value: Any) -> None:
    """An agent with exactly one identifier (Data 2.4.2.1)."""
    walk(value, _AGENT)
    if _identifiers(value) != 1:
        raise Invalid("%(path)s: an agent needs exactly one of mbox, mbox_sha1sum, openid and account")


def group(value: Any) -> None:
    """An identified group, or an anonymous one with members (Data 2.4.2.2)."""
    walk(value, _GROUP, ("objectType",))
    identifiers = _identifiers(value)
    if identifiers > 1:
        raise Invalid("%(path)s: a group has at most one of mbox, mbox_sha1sum, openid and account")
    if not identifiers and not value.get("member"):
        raise Invalid("%(path)s: a group without an identifier needs members", "member")


def actor(value: Any) -> None:
    """An agent or a group, told apart by the object type, which an agent may leave out."""
    if type(value) is dict and value.get("objectType", "Agent") != "Agent":
        if value["objectType"] != "Group":
            raise Invalid("%(path)s: must be Agent or Group (upper and lower case matter)", "objectType")
        group(value)
    else:
        agent(value)


def authority(value: Any) -> None:
    """An agent, or the anonymous pair of an application and a user that OAuth makes (Data 2.4.9.s3, s7)."""
    actor(value)
    if value.get("objectType") != "Group":
        return
    if _identifiers(value):
        raise Invalid("%(path)s: a group as authority has no identifier of its own")
    members = value["member"]
    if len(members) != _MEMBERS_OF_AUTHORITY:
        raise Invalid("%(path)s: a group as authority has exactly two members", "member")
    if not any("account" in member for member in members):
        raise Invalid("%(path)s: one member must be the application, known by its account", "member")
