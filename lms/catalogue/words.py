"""What the movement's topics and audiences are called."""

from lms.catalogue.models import Audience
from lms.core.i18n import lazy

TOPICS = {
    1: lazy("Digital awareness"),
    2: lazy("Essential digital services"),
    3: lazy("Interacting online"),
    4: lazy("AI in work and life"),
}
AUDIENCES = {Audience.OFFICER: lazy("Officers"), Audience.CITIZEN: lazy("Citizens")}
