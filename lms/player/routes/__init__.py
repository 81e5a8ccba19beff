"""The learner's pages on the application, and the player on the content origin."""

from lms.player.routes import content, courses, delivering, learning, mine, playing
from lms.player.routes.blueprint import bp

__all__ = ["bp", "content", "courses", "delivering", "learning", "mine", "playing"]
