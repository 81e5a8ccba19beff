"""What the movement's topics and audiences are called, and what a completed lesson is opened for."""

from lms.catalogue.models import AfterCompletion, Audience
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
