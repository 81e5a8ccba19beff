"""What topics, audiences and states of a course are called, and what a completed lesson is opened for."""

from lms.catalogue.models import AfterCompletion, Audience, Status
from lms.core.i18n import lazy

TOPICS = {
    1: lazy("Digital awareness"),
    2: lazy("Essential digital services"),
    3: lazy("Interacting online"),
    4: lazy("AI in work and life"),
}
AUDIENCES = {Audience.OFFICER: lazy("Officers"), Audience.CITIZEN: lazy("Citizens")}
AFTER_COMPLETION = {
    AfterCompletion.AGAIN: lazy("A new attempt; the best result is kept"),
    AfterCompletion.REVIEW: lazy("Looking again; nothing is recorded"),
}
STATES = {
    Status.DRAFT: lazy("Draft"),
    Status.PUBLISHED: lazy("Published"),
    Status.UNPUBLISHED: lazy("Not on the lists"),
    Status.ARCHIVED: lazy("Archived"),
}
