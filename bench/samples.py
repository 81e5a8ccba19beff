"""The statements that are sent: what lessons tell about people who are known, half of them completing."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

VERBS = "http://adlnet.gov/expapi/verbs/"
FIRST = datetime(2025, 7, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Whom and what statements are about: names of accounts under `home_page`, and IRIs of lessons."""

    home_page: str
    names: Sequence[str]
    lessons: Sequence[str]


class Sampler:
    """Makes statements, each time others; the same again for the same seed, but for their ids."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        self._random = random.Random(seed)

    def statement(self) -> dict[str, Any]:
        """About a kilobyte, as a SCORM lesson's player sends it."""
        draw = self._random
        lesson = draw.choice(self._world.lessons)
        name = draw.choice(self._world.names)
        moment = FIRST + timedelta(milliseconds=draw.randrange(365 * 24 * 3600 * 1000))
        completes = draw.random() < 0.5
        verb = "completed" if completes else "experienced"
        made = {
            "id": str(uuid.uuid4()),
            "actor": {"objectType": "Agent", "account": {"homePage": self._world.home_page, "name": name}},
            "verb": {"id": VERBS + verb, "display": {"en-US": verb}},
            "object": {
                "objectType": "Activity",
                "id": lesson,
                "definition": {
                    "type": "http://adlnet.gov/expapi/activities/lesson",
                    "name": {"vi-VN": f"Bài học {lesson.rpartition('/')[2]}"},
                },
            },
            "context": {
                "registration": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
                "language": "vi-VN",
                "contextActivities": {
                    "parent": [{"objectType": "Activity", "id": lesson.split("/lessons")[0]}]
                },
                "extensions": {"https://example.org/extensions/attempt": draw.randrange(5)},
            },
            "timestamp": moment.isoformat(timespec="milliseconds"),
        }
        if completes:
            made["result"] = {
                "completion": True,
                "score": {"scaled": draw.randrange(50, 101) / 100},
                "duration": f"PT{draw.randrange(3, 9)}M{draw.randrange(60)}S",
            }
        return made

    def bodies(self, count: int, size: int) -> list[bytes]:
        """Bodies of requests: single statements for a size of 1, else arrays."""
        if size == 1:
            return [orjson.dumps(self.statement()) for _ in range(count)]
        return [orjson.dumps([self.statement() for _ in range(size)]) for _ in range(count)]
