"""All tables of the record in one place: importing this fills `tracking.tables.metadata`."""

from tracking.documents.models import Document
from tracking.identities.models import IdentityClaim, IdentityLink
from tracking.learners import Learner
from tracking.rates.models import CompletedChange, CompletedTotal, MemberChange, Membership, MemberTotal
from tracking.record.completions import ActivityRule, Completion, Evidence
from tracking.record.models import Activity, Agent, IdentityKey, Resolution, Statement, Verb
from tracking.tables import metadata

__all__ = [
    "Activity",
    "ActivityRule",
    "Agent",
    "CompletedChange",
    "CompletedTotal",
    "Completion",
    "Document",
    "Evidence",
    "IdentityClaim",
    "IdentityKey",
    "IdentityLink",
    "Learner",
    "MemberChange",
    "MemberTotal",
    "Membership",
    "Resolution",
    "Statement",
    "Verb",
    "metadata",
]
