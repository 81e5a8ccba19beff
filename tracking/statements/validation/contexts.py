"""The context of a statement (Data 2.4.6; contextAgents and contextGroups from xAPI 2.0)."""

from typing import Any

from tracking.statements.validation.activities import activity
from tracking.statements.validation.actors import actor, agent, group
from tracking.statements.validation.faults import Invalid
from tracking.statements.validation.formats import extensions, iri, language, one_of, string, uuid
from tracking.statements.validation.walking import Table, array_of, each, walk

_REFERENCE = Table(objectType=one_of("StatementRef"), id=uuid)


def statement_reference(value: Any) -> None:
    walk(value, _REFERENCE, ("objectType", "id"))


def _activities(value: Any) -> None:
    if type(value) is dict:
        activity(value)
    else:
        each(value, activity)


_CONTEXT_ACTIVITIES = Table(parent=_activities, grouping=_activities, category=_activities, other=_activities)


def context_activities(value: Any) -> None:
    """Activities by kind; a single one, allowed for old clients, becomes an array of one (2.4.6.2.s4)."""
    walk(value, _CONTEXT_ACTIVITIES)
    for kind, found in value.items():
        if type(found) is dict:
            value[kind] = [found]


def _relevant_types(value: Any) -> None:
    each(value, iri)
    if not value:
        raise Invalid("%(path)s: needs at least one activity type, or must be left out")


_CONTEXT_AGENT = Table(objectType=one_of("contextAgent"), agent=agent, relevantTypes=_relevant_types)
_CONTEXT_GROUP = Table(objectType=one_of("contextGroup"), group=group, relevantTypes=_relevant_types)


def _context_agent(value: Any) -> None:
    walk(value, _CONTEXT_AGENT, ("objectType", "agent"))


def _context_group(value: Any) -> None:
    walk(value, _CONTEXT_GROUP, ("objectType", "group"))


_CONTEXT_1_0 = Table(
    registration=uuid,
    instructor=actor,
    team=group,
    contextActivities=context_activities,
    revision=string,
    platform=string,
    language=language,
    statement=statement_reference,
    extensions=extensions,
)
_CONTEXT_2_0 = Table(
    _CONTEXT_1_0,
    contextAgents=array_of(_context_agent),
    contextGroups=array_of(_context_group),
)


def context_1_0(value: Any) -> None:
    walk(value, _CONTEXT_1_0)


def context_2_0(value: Any) -> None:
    walk(value, _CONTEXT_2_0)
