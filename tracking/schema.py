"""All tables of the record in one place: importing this fills `tracking.tables.metadata`."""

from tracking.documents.models import Document
from tracking.identities.models import DismissedAgent, IdentityClaim, IdentityLink
from tracking.learners import Learner
from tracking.rates.models import CompletedChange, CompletedTotal, MemberChange, Membership, MemberTotal
from tracking.record.attachments import Attachment
from tracking.record.completions import ActivityRule, Completion, Evidence
from tracking.record.mentions import (
    ReferredActivity,
    ReferredAgent,
    StatementActivity,
    StatementAgent,
    StatementReference,
)
from tracking.record.mergers import MergedFact, Merger
from tracking.record.models import Activity, Agent, IdentityKey, Resolution, Statement, Verb
from tracking.tables import metadata

__all__ = [
    "Activity",
    "ActivityRule",
    "Agent",
    "Attachment",
    "CompletedChange",
    "CompletedTotal",
    "Completion",
    "DismissedAgent",
    "Document",
    "Evidence",
    "IdentityClaim",
    "IdentityKey",
    "IdentityLink",
    "Learner",
    "MemberChange",
    "MemberTotal",
    "Membership",
    "MergedFact",
    "Merger",
    "ReferredActivity",
    "ReferredAgent",
    "Resolution",
    "Statement",
    "StatementActivity",
    "StatementAgent",
    "StatementReference",
    "Verb",
    "metadata",
]
