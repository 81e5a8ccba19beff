"""The people in the units that are looked at."""

from tests.lms.people.conftest import crowd

__all__ = ["crowd"]
