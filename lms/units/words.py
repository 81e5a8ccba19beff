"""What the kinds of units are called."""

from lms.core.i18n import lazy
from lms.units.models import Kind

_KINDS = {
    Kind.CITY: lazy("City"),
    Kind.COMMUNE: lazy("Commune"),
    Kind.DEPARTMENT: lazy("Department"),
    Kind.SCHOOL: lazy("School"),
    Kind.HEALTH_STATION: lazy("Health station"),
    Kind.VILLAGE: lazy("Village"),
    Kind.TEAM: lazy("Team"),
    Kind.MARKET: lazy("Market"),
}


def kind_word(kind: str) -> str:
    """In the present language."""
    return str(_KINDS[Kind(kind)])
