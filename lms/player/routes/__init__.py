"""The learner's pages on the application, and the player on the content origin."""

from lms.player.routes import (
    content,
    courses,
    delivering,
    keeping,
    learning,
    mine,
    playing,
    previewing,
    taking_turns,
)
from lms.player.routes.blueprint import bp

__all__ = [
    "bp",
    "content",
    "courses",
    "delivering",
    "keeping",
    "learning",
    "mine",
    "playing",
    "previewing",
    "taking_turns",
]
