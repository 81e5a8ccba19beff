"""The table of contents of a version, as JSON: chapters, blocks and lessons in their order.

A node is `{"identifier", "title", "visible", "key", "iri", "items"}`: `key` is the lesson's, "" for what
cannot be launched; `iri` names the lesson, or the block of cmi5, in the record. A cmi5 block also has
`titles`, `descriptions` (lists of language and text) and `objectives`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from courses.manifest import Item, Organization
from lms.catalogue.naming import keys_of

Node = dict[str, Any]


def contents(organization: Organization, course_iri: str, keys: Mapping[str, str]) -> list[Node]:
    """The nodes of an organization; `keys` are the lessons' keys by identifier."""
    chapters = [item.identifier for item in organization.all_items if item.lesson is None]
    iris = {
        **{name: f"{course_iri}/lessons/{quote(key)}" for name, key in keys.items()},
        **{
            name: f"{course_iri}/blocks/{quote(key)}"
            for name, key in zip(chapters, keys_of(chapters), strict=True)
        },
    }
    return [_node(item, keys, iris) for item in organization.items]


def _node(item: Item, keys: Mapping[str, str], iris: Mapping[str, str]) -> Node:
    node: Node = {
        "identifier": item.identifier,
        "title": item.title,
        "visible": item.visible,
        "key": keys.get(item.identifier, ""),
        "iri": iris[item.identifier],
        "items": [_node(one, keys, iris) for one in item.items],
    }
    if item.titles:
        node["titles"] = [asdict(one) for one in item.titles]
        node["descriptions"] = [asdict(one) for one in item.descriptions]
        node["objectives"] = [asdict(one) for one in item.objectives]
    return node
