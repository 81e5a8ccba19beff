"""How the player has cmi5 lessons opened (`lms.player.opening`)."""

from sqlalchemy.orm import Session

from lms.cmi5.addresses import opening_address
from lms.cmi5.services.launching import Opening, open_unit
from lms.player.opening import Elsewhere, Wish
from lms.settings import Settings


def open_for_player(session: Session, wish: Wish, settings: Settings) -> Elsewhere:
    """The address of the unit, and the page on the way to it. Of a preview nothing is kept on the device."""
    opening = Opening(return_url=wish.return_url, language=wish.language, preview=wish.preview)
    opened = open_unit(session, wish.lesson, wish.learner, opening, is_guest=wish.is_guest, settings=settings)
    over = None if wish.preview else opening_address(opened.launch, settings)
    return Elsewhere(opened.launch.play, opened.address, over)
