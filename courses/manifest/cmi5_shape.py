"""What stands in a cmi5 course structure beside what the specification knows (section 13.2, the schema).

What stands twice could be meant either way, and is refused. What nobody knows is told to the author: it may
be a name that was mistyped, and would be missed only once learners are there.
"""

from collections import Counter

from courses.errors import Refused
from courses.manifest.cmi5_parts import Part
from courses.manifest.xml import local_name, namespace

_TOLD = ("title", "description", "objectives")
_INSIDE = {
    "coursestructure": {"course", "objectives", "block", "au"},
    "course": {"title", "description"},
    "block": {*_TOLD, "block", "au"},
    # The last four are attributes; cmi5_units takes them from elements, too, and says so.
    "au": {
        *(*_TOLD, "url", "launchparameters", "entitlementkey"),
        *("moveon", "masteryscore", "launchmethod", "activitytype"),
    },
    "objectives": {"objective"},
    "objective": {"title", "description"},
}
_SEVERAL = frozenset({"block", "au", "objective"})
_ATTRIBUTES = {
    "au": {"id", "moveon", "masteryscore", "launchmethod", "activitytype"},
    "block": {"id"},
    "course": {"id"},
}
_SHOWN = 200


def check_shape(whole: Part) -> None:
    """Raises Refused; notices what is unknown. Elements of other namespaces may be whatever they like."""
    own = namespace(whole.element)
    for element in whole.element.iter():
        kind = local_name(element)
        if namespace(element) == own and kind in _INSIDE:
            _check(Part(element, whole.source), kind, own)


def _check(part: Part, kind: str, own: str) -> None:
    inside = [one for one in part.element if namespace(one) == own and local_name(one)]
    for name, times in Counter(map(local_name, inside)).items():
        if times > 1 and name in _INSIDE[kind] - _SEVERAL:
            raise Refused(
                "In cmi5.xml “%(name)s” stands more than once in “%(parent)s”. Leave one of them.",
                name=name,
                parent=_called(part, kind),
            )
    for one in inside:
        if local_name(one) not in _INSIDE[kind]:
            _notice(part, kind, one.tag)
    for written in map(str, part.element.attrib):
        if kind in _ATTRIBUTES and written.lower() not in _ATTRIBUTES[kind] and "{" not in written:
            _notice(part, kind, written)


def _notice(part: Part, kind: str, name: object) -> None:
    part.source.notice(
        "cmi5 knows no “%(name)s” in “%(parent)s”: it is left out. Is the name mistyped?",
        name=str(name).rpartition("}")[2][:_SHOWN],
        parent=_called(part, kind),
    )


def _called(part: Part, kind: str) -> str:
    return (part.identifier or kind)[:_SHOWN]
