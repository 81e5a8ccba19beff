"""How much is measured: in earnest, quickly, or just enough to see that it works."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """`rounds` of `seconds` each for statements; `repeats` of each question about rates."""

    name: str
    rounds: int
    seconds: float
    people: int  # who learn while statements are measured
    learners: int  # of the city whose rates are asked for
    communes: int
    villages: int  # in each commune
    courses: int
    repeats: int
    parsed: int  # statements parsed in one round
    few: int  # statements stored when reading is measured first
    copies: int  # how many times as many there are the second time
    asked: int  # questions of each kind
    pages: int  # how deep `more` is followed
    commits: int = 100  # learners of each round whose commits are timed
    at_once: int = 200  # learners who commit at once

    @property
    def bare_seconds(self) -> float:
        return self.seconds / 2


FULL = Sizes(
    "full", rounds=5, seconds=4, people=5_000, learners=100_000, communes=114, villages=25, courses=5,
    repeats=15, parsed=5_000, few=10_000, copies=100, asked=300, pages=1_000,
)  # fmt: skip
QUICK = Sizes(
    "quick", rounds=2, seconds=1, people=300, learners=10_000, communes=114, villages=25, courses=3,
    repeats=5, parsed=1_000, few=2_000, copies=20, asked=100, pages=100, commits=40,
)  # fmt: skip
TINY = Sizes(
    "tiny", rounds=1, seconds=0.2, people=20, learners=60, communes=3, villages=2, courses=2,
    repeats=1, parsed=100, few=200, copies=2, asked=3, pages=2, commits=2, at_once=3,
)  # fmt: skip


def sizes_of(environ: Mapping[str, str]) -> Sizes:
    return QUICK if environ.get("BENCH_QUICK", "") not in ("", "0") else FULL
