"""What the store refuses beyond what validation does."""

from tracking.errors import Refused


class Conflict(Refused):
    """A statement with this id is kept already and says something else (HTTP 409)."""
