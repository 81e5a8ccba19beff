"""Activities, their definitions and interactions (Data 2.4.4.1)."""

from typing import Any

from tracking.statements.validation.faults import Invalid
from tracking.statements.validation.formats import extensions, iri, language_map, one_of, string
from tracking.statements.validation.walking import Table, array_of, each, remembering, walk

# The lists of components that each type of interaction may have (Data 2.4.4.1.s15).
_COMPONENTS: dict[str, tuple[str, ...]] = {
    "true-false": (),
    "choice": ("choices",),
    "fill-in": (),
    "long-fill-in": (),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "numeric": (),
    "other": (),
}
_LISTS = frozenset(("choices", "scale", "source", "target", "steps"))
_NEED_A_TYPE = _LISTS | {"correctResponsesPattern"}
_COMPONENT = Table(id=string, description=language_map)


def _component(value: Any) -> None:
    walk(value, _COMPONENT, ("id",))


def _components(value: Any) -> None:
    """Components with ids that differ (Data 2.4.4.1.s16)."""
    each(value, _component)
    seen: set[str] = set()
    for position, component in enumerate(value):
        if component["id"] in seen:
            raise Invalid("%(path)s: another component of this list has the same id", "id").enter(position)
        seen.add(component["id"])


# What a pattern of correct responses says is not for the store to judge (Data 2.4.4.1.s12, s13).
_DEFINITION = Table(
    name=language_map,
    description=language_map,
    type=iri,
    moreInfo=iri,
    extensions=extensions,
    interactionType=one_of(*_COMPONENTS),
    correctResponsesPattern=array_of(string),
    **dict.fromkeys(_LISTS, _components),
)


def definition(value: Any) -> None:
    """The definition of an activity; what belongs to an interaction needs its type (Data 2.4.4.1.s8)."""
    walk(value, _DEFINITION)
    found = value.keys() & _NEED_A_TYPE
    if not found:
        return
    if "interactionType" not in value:
        raise Invalid("%(path)s: is missing, and is needed for an interaction", "interactionType")
    kind = value["interactionType"]
    for name in sorted(found & _LISTS):
        if name not in _COMPONENTS[kind]:
            raise Invalid("%(path)s: an interaction of type %(kind)s has no such list", name, kind=kind)


_ACTIVITY = Table(objectType=one_of("Activity"), id=iri, definition=definition)


@remembering
def activity(value: Any) -> None:
    walk(value, _ACTIVITY, ("id",))
