"""A unit is opened, speaks, and is done: what the record holds afterwards."""

from lms.core.vocabulary import iris
from tests.lms.player.playing import statements, verbs


def test_a_unit_from_its_first_word_to_its_last(speaker, database, officer):
    speaker.say("initialized", "experienced", "passed", "completed", "terminated")
    with database.snapshot() as session:
        said = statements(session)
        assert verbs(session) == [
            "launched", "initialized", "experienced", "passed", "completed", "satisfied", "satisfied",
            "terminated",
        ]  # fmt: skip
    assert {one["context"]["registration"] for one in said} == {speaker.registration}
    assert {one["context"]["extensions"][iris.SESSION_ID] for one in said} == {speaker.session}
