"""How the player has cmi5 lessons opened (`lms.player.opening`)."""

from sqlalchemy.orm import Session

from lms.cmi5.services.launching import Opening, open_unit
from lms.player.opening import Wish
from lms.settings import Settings


def open_for_player(session: Session, wish: Wish, settings: Settings) -> str:
    """The address that opens the unit."""
    opening = Opening(return_url=wish.return_url, language=wish.language, preview=wish.preview)
    opened = open_unit(session, wish.lesson, wish.learner, opening, is_guest=wish.is_guest, settings=settings)
    return opened.address
