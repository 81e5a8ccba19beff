"""What kinds of units, audiences and verbs are called."""

from lms.core.i18n import gettext as _
from lms.rates.figures import UnitRow


def kind_words(kind: str) -> str:
    return {
        "city": _("City"),
        "commune": _("Commune"),
        "department": _("Department"),
        "school": _("School"),
        "health_station": _("Health station"),
        "village": _("Village"),
        "team": _("Team"),
        "market": _("Market"),
    }.get(kind, kind)


def audience_words(audience: str | None) -> str:
    return {"officer": _("Officers"), "citizen": _("Citizens")}.get(audience or "") or _("Everybody")


def unit_words(row: UnitRow) -> str:
    """The unit's name; for those counted in the unit itself, that they are."""
    return _("%(unit)s itself", unit=row.unit.name) if row.itself else row.unit.name


def verb_words(verb: str) -> str | None:
    """What a statement says was done, for verbs that people meet; none for others."""
    return {
        "completed": _("completed"),
        "passed": _("passed"),
        "failed": _("failed"),
        "satisfied": _("satisfied what was required"),
        "initialized": _("opened"),
        "launched": _("launched"),
        "abandoned": _("left without closing"),
        "waived": _("was let off"),
        "progressed": _("made progress"),
        "suspended": _("saved and left"),
        "resumed": _("continued"),
        "terminated": _("closed"),
        "answered": _("answered"),
        "attempted": _("attempted"),
        "experienced": _("saw"),
        "attended": _("attended"),
        "registered": _("registered"),
    }.get(verb.rstrip("/").rsplit("/", 1)[-1])
