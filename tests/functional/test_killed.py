"""A server killed in the middle of a stream of statements, wholly or in part, loses and doubles nothing."""

import os
import random
import signal

import pytest

from tests.functional.breaking import bodies_that_break_off, senders_who_stop
from tests.functional.retrying import all_at_once, statements
from tests.functional.roster import import_course, load_roster
from tests.functional.serving import Installation
from tests.functional.streaming import Batch, Client, Stream, rounds, wait_until

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
    """One installation for all of it: starting one takes longer than what is done to it."""
    installation.settings["LMS_WEB_WORKERS"] = "2"
    load_roster(installation)
    course = import_course(installation)
    client = Client.of(installation)
    installation.start()
    lesson, iri = course["lessons"][0]["iri"], course["iri"]
    known = statements(installation.address, [lesson, iri])
    all_at_once(client, known, seed=1)
    fresh = statements(installation.address, [lesson, iri])
    bodies_that_break_off(client, [fresh[at : at + 3] for at in range(0, len(fresh), 3)], seed=2)
    senders_who_stop(client, known[:5])
    a_stream_and_kills(installation, client, lesson, known)
    rate = installation.json("rates", "--course", "one-touch", "--unit", "10549")
    assert (rate["completed"], rate["members"]) == (57, 57)


def a_stream_and_kills(installation: Installation, client: Client, iri: str, known: Batch) -> None:
    stream = Stream(client, iri)
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
    stream.check(f"{times} kills", known)
