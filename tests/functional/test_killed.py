"""A server killed in the middle of a stream of statements, wholly or in part, loses and doubles nothing."""

import os
import random
import signal

import pytest

from tests.functional.roster import import_course, load_roster
from tests.functional.serving import Installation
from tests.functional.streaming import Client, Stream, rounds, wait_until

FEW = 2


def kill_one_process(installation: Installation, chance: random.Random) -> None:
    """One of those that answer requests; whoever started it starts another."""
    before = installation.web_processes()
    os.kill(chance.choice(before), signal.SIGKILL)
    wait_until(
        lambda: len(set(installation.web_processes()) - set(before)) >= 1, "no other process was started"
    )


def kill_everything(installation: Installation) -> None:
    installation.kill()
    installation.start()


@pytest.mark.slow
def test_what_was_acknowledged_is_there_once_and_the_counters_agree(installation: Installation):
    installation.settings["LMS_WEB_WORKERS"] = "2"
    load_roster(installation)
    course = import_course(installation)
    client = Client.of(installation)
    installation.start()
    stream = Stream(client, course["iri"])
    chance = random.Random(20261121)
    times = rounds(FEW)
    for turn in range(times):
        stream.go_on(chance.randrange(20, 150))
        if turn % 2:
            kill_everything(installation)
        else:
            kill_one_process(installation, chance)
    stream.go_on(40)
    stream.stop()
    stream.check(f"{times} kills")
    rate = installation.json("rates", "--course", "one-touch", "--unit", "10549")
    assert (rate["completed"], rate["members"]) == (57, 57)
