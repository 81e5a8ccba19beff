"""Clients that repeat everything, all at once: the same ids, in other batches, in other orders."""

import random
import threading
from collections import Counter
from uuid import UUID, uuid4

from tests.functional.roster import OFFICERS
from tests.functional.streaming import BOUND, Batch, Client

CLIENTS = 6
LARGEST = 25


def statements(address: str, activities: list[str]) -> Batch:
    """Every officer completes every activity."""
    return [
        {
            "id": str(uuid4()),
            "actor": {"account": {"homePage": address, "name": code}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": activity},
            "timestamp": "2026-02-11T08:00:00+07:00",
        }
        for code in OFFICERS
        for activity in activities
    ]


class Repeater(threading.Thread):
    """Sends all of the statements in batches and in an order of its own, each until it is acknowledged."""

    def __init__(self, client: Client, everything: Batch, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.client = client
        self.repeats = 0
        order = list(everything)
        chance.shuffle(order)
        self.batches: list[Batch] = []
        while order:
            size = chance.randrange(1, LARGEST)
            self.batches.append(order[:size])
            order = order[size:]

    def run(self) -> None:
        for batch in self.batches:
            while (told := self.client.send(batch)) is None:
                self.repeats += 1
            assert told == [one["id"] for one in batch]
        self.client.close()


def all_at_once(client: Client, everything: Batch, *, seed: int) -> None:
    """Have several clients send all of it at the same time; then it is there once."""
    chance = random.Random(seed)
    repeaters = [Repeater(client.again(), everything, chance) for _ in range(CLIENTS)]
    for repeater in repeaters:
        repeater.start()
    for repeater in repeaters:
        repeater.join(6 * BOUND)
        assert not repeater.is_alive()
    wanted = {UUID(one["id"]) for one in everything}
    found = [one for one in map(UUID, client.all_ids()) if one in wanted]
    client.close()
    answers = sum((repeater.client.answers for repeater in repeaters), Counter[int]())
    slowest = max(repeater.client.slowest for repeater in repeaters)
    print(
        f"{len(everything)} statements, each sent by {CLIENTS} clients at once: {len(set(found))} stored, "
        f"{len(found) - len(set(found))} of them twice; answers {dict(sorted(answers.items()))}, "
        f"{sum(repeater.repeats for repeater in repeaters)} repeats, the slowest after {slowest:.2f} s"
    )
    assert [wrong for repeater in repeaters for wrong in repeater.client.wrong] == []
    assert answers[0] == 0
    assert len(found) == len(set(found)) == len(everything)
