"""Where units get their keys, the page on the way to them, the door for what they said without a network."""

from lms.cmi5.routes import delivering, fetching, opening
from lms.cmi5.routes.blueprint import bp

__all__ = ["bp", "delivering", "fetching", "opening"]
