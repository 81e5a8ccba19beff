"""What one membership, and one completion in it, add to the counters on which day.

The one place where the definition of a rate stands: a member counts from `since` until before `until`; a
completion counts in the membership from the day of both, the later of `since` and the completion, if that day
still lies in the membership. So on any day those who have completed are a part of the members.
"""

from collections.abc import Iterator
from datetime import date

from tracking.rates.timeline import Stay

Step = tuple[date, int]  # a day and what changes on it


def member_steps(stay: Stay) -> Iterator[Step]:
    yield stay.since, 1
    if stay.until is not None:
        yield stay.until, -1


def completed_steps(stay: Stay, completed_on: date) -> Iterator[Step]:
    day = max(stay.since, completed_on)
    if stay.until is None:
        yield day, 1
    elif day < stay.until:
        yield day, 1
        yield stay.until, -1
