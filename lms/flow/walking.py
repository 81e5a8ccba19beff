"""A walk through the statements of a source: page after page by `more`, from `since` to the newest.

Pure: what is known after each page, where to begin anew when a walk cannot go on, and from when the next walk
must ask, so that nothing is missed that the source had not committed yet when it was asked.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from tracking.statements.parsing import timestamp
from tracking.statements.validation import Invalid

PAGE = 200  # statements asked for at once
# A source may tell statements out of order for as long as its slowest transaction takes. Those that say until
# when they are consistent are not all to be believed: some name the time of the question.
OVERLAP = timedelta(minutes=5)
_A_LITTLE = timedelta(milliseconds=1)


class Circle(Exception):
    """The next page is one where this walk has been."""


@dataclass(frozen=True)
class Walk:
    """How far a walk has come, as it is kept between pages.

    `more`: the address of the next page, none before the first. `through`: until when the source was
    consistent when the walk began. `low` and `high`: the first and the latest `stored` seen. `disordered`:
    they did not rise. `size`: statements to ask for at once. `pages` and `seen` count; `mark`, `steps` and
    `stride` find circles.
    """

    more: str | None = None
    through: datetime | None = None
    low: datetime | None = None
    high: datetime | None = None
    disordered: bool = False
    size: int = PAGE
    pages: int = 0
    seen: int = 0
    mark: str = ""
    steps: int = 0
    stride: int = 1

    def onward(self, stored: Iterable[Any], more: str | None, through: datetime) -> "Walk":
        """The walk after a page of statements with these `stored`. Raises Circle."""
        low, high, disordered, seen = self.low, self.high, self.disordered, self.seen
        for text in stored:
            seen += 1
            moment = _moment(text)
            if moment is None:
                continue
            disordered = disordered or (high is not None and moment < high)
            low = moment if low is None else min(low, moment)
            high = moment if high is None else max(high, moment)
        return replace(
            self,
            **self._watched(more),
            more=more,
            through=self.through or through,
            low=low,
            high=high,
            disordered=disordered,
            seen=seen,
            pages=self.pages + 1,
        )

    def _watched(self, more: str | None) -> dict[str, Any]:
        """Brent's way to find a circle: one page is remembered, after 1, 2, 4, 8 … steps another one."""
        if more is None:
            return {}
        here = sha256(more.encode()).hexdigest()
        if here == self.mark:
            raise Circle
        if self.steps + 1 == self.stride:
            return {"mark": here, "steps": 0, "stride": self.stride * 2}
        return {"steps": self.steps + 1}

    def reached(self, since: datetime | None) -> datetime | None:
        """From when the next walk asks, this one having come to its end."""
        if self.high is None or self.through is None:
            return since
        reached = min(self.high, self.through - OVERLAP)
        return reached if since is None else max(since, reached)

    def interrupted(self, since: datetime | None) -> datetime | None:
        """From when to ask anew where the next page cannot be had: `reached`, but `high` is not done with.

        Statements that are stored together may stand on two pages.
        """
        if self.high is None or self.through is None or self.disordered:
            return since
        reached = min(self.high - _A_LITTLE, self.through - OVERLAP)
        return reached if since is None else max(since, reached)

    def as_json(self) -> dict[str, Any]:
        return {name: _told(value) for name, value in asdict(self).items()}


def read_walk(kept: dict[str, Any] | None) -> Walk:
    """The walk as it was kept; a new one where there is none."""
    if kept is None:
        return Walk()
    moments = {name: datetime.fromisoformat(kept[name]) for name in ("through", "low", "high") if kept[name]}
    return Walk(**(kept | moments))


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(text: Any) -> datetime | None:
    try:
        return timestamp(text) if isinstance(text, str) else None
    except Invalid:
        return None
