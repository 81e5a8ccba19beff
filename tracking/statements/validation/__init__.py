"""Every requirement of xAPI 1.0.3 and 2.0 (IEEE 9274.1.1) on what a statement may look like.

Hand-written tables of checks, one per kind of object, walked once; a path is only built when something is
wrong. Values are those of JSON (dict, list, str, int, float, bool, None), as `parsing` gives them.
"""

from tracking.statements.validation.actors import agent, group
from tracking.statements.validation.faults import Invalid
from tracking.statements.validation.formats import iri, uuid
from tracking.statements.validation.statements import Version, validate, validate_batch

__all__ = ["Invalid", "Version", "agent", "group", "iri", "uuid", "validate", "validate_batch"]
