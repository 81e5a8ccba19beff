"""The course, person and player of the player's tests."""

from tests.lms.player.conftest import course, launch, learner_id, lesson_iris, officer, person, rule

__all__ = ["course", "launch", "learner_id", "lesson_iris", "officer", "person", "rule"]
