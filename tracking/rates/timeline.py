"""The places one learner is counted at, one after the other; and what moves and corrections make of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from tracking.errors import Refused

AUDIENCES = ("officer", "citizen")


@dataclass(frozen=True, slots=True, order=True)
class Stay:
    """Counted in `unit` for `audience` on the local dates from `since` until before `until` (None: still)."""

    since: date
    unit: int
    audience: str
    until: date | None = None


Timeline = tuple[Stay, ...]  # sorted, never overlapping


def placed(timeline: Timeline, unit: int, audience: str, since: date) -> Timeline:
    """The timeline of a learner who is counted in `unit` from `since` on.

    - Nothing before: the first placement.
    - A placement already known (also one that was left since): nothing changes, so an old file is harmless.
    - After the start of the last placement: a move (or a return); the last one ends the day before.
    - On or before the start of the last placement: a correction of it, in place, audience or date.
    - On or before the start of an earlier placement: refused, it would wipe that placement out.
    """
    _check_audience(audience)
    if any((stay.unit, stay.audience, stay.since) == (unit, audience, since) for stay in timeline):
        return timeline
    earlier = timeline[:-1] if timeline and since <= timeline[-1].since else timeline
    if earlier and since <= earlier[-1].since:
        raise Refused(
            "%(since)s is not after %(earlier)s, when an earlier membership began. Give a later date, or "
            "correct the earlier membership first.",
            since=since,
            earlier=earlier[-1].since,
        )
    return joined((*_cut(earlier, since), Stay(since, unit, audience)))


def removed(timeline: Timeline, until: date) -> Timeline:
    """The timeline of a learner who is counted nowhere from `until` on.

    The last membership ends; if it had ended already, its end is corrected. Nobody can leave before arriving.
    """
    if not timeline:
        raise Refused("This person is not a member of any unit, so there is no membership to end.")
    last = timeline[-1]
    if until <= last.since:
        raise Refused(
            "The membership began on %(since)s and cannot end on %(until)s. Give a later date.",
            since=last.since,
            until=until,
        )
    return (*timeline[:-1], replace(last, until=until))


def checked(stays: tuple[Stay, ...]) -> Timeline:
    """The stays in order, refused when one is empty or two overlap."""
    timeline = tuple(sorted(stays, key=lambda stay: stay.since))
    for stay in timeline:
        _check_audience(stay.audience)
        if stay.until is not None and stay.until <= stay.since:
            raise Refused(
                "The membership began on %(since)s and cannot end on %(until)s. Give a later date.",
                since=stay.since,
                until=stay.until,
            )
    for stay, following in pairwise(timeline):
        if stay.until is None or following.since < stay.until:
            raise Refused(
                "A person is a member of one unit at a time, but two memberships overlap on %(day)s.",
                day=following.since,
            )
    return joined(timeline)


def united(first: Timeline, other: Timeline) -> Timeline:
    """Two timelines of one learner as one: `first`, and what `other` says of the days that it leaves open."""
    pieces = list(first)
    for stay in other:
        pieces += _outside(stay, first)
    return joined(tuple(sorted(pieces, key=lambda stay: stay.since)))


def joined(timeline: Timeline) -> Timeline:
    """Stays at the same place that touch become one."""
    result: list[Stay] = []
    for stay in timeline:
        last = result[-1] if result else None
        if last and (last.unit, last.audience, last.until) == (stay.unit, stay.audience, stay.since):
            result[-1] = replace(last, until=stay.until)
        else:
            result.append(stay)
    return tuple(result)


def _outside(stay: Stay, taken: Timeline) -> Iterator[Stay]:
    """The parts of a stay that lie on days on which none of `taken` does."""
    since = stay.since
    for other in taken:
        if stay.until is not None and other.since >= stay.until:
            break
        if other.since > since:
            yield replace(stay, since=since, until=other.since)
        if other.until is None:
            return
        since = max(since, other.until)
    if stay.until is None or since < stay.until:
        yield replace(stay, since=since)


def _cut(timeline: Timeline, end: date) -> Timeline:
    if not timeline or (timeline[-1].until is not None and timeline[-1].until <= end):
        return timeline
    return (*timeline[:-1], replace(timeline[-1], until=end))


def _check_audience(audience: str) -> None:
    if audience not in AUDIENCES:
        raise Refused(
            "%(audience)s is not an audience: use officer or citizen.",
            audience=audience,
        )
