"""What was measured, and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Line:
    """One thing measured: `ours` and `bare` are one number for each round, in `unit`.

    `more_is_better`: the unit is a rate, not a time. `details` go into the JSON file only.
    """

    name: str
    database: str
    unit: str
    more_is_better: bool
    ours: Sequence[float]
    bare: Sequence[float]
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Ours divided by bare: above 1 is quicker than bare for a rate, slower for a time."""
        return median(self.ours) / median(self.bare)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "database": self.database,
            "unit": self.unit,
            "more_is_better": self.more_is_better,
            "ours": {"median": median(self.ours), "rounds": list(self.ours)},
            "bare": {"median": median(self.bare), "rounds": list(self.bare)},
            "ratio": self.ratio,
            "details": self.details,
        }


HEADINGS = ("", "database", "unit", "ours", "spread", "bare", "spread", "ours/bare")


def table(lines: Sequence[Line]) -> str:
    """The lines as columns of text; spread is the lowest and highest round."""
    rows = [HEADINGS, *(_row(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    told = [
        "  ".join(_cell(*each) for each in zip(range(len(row)), row, widths, strict=True)) for row in rows
    ]
    return "\n".join([told[0], "-" * len(told[0]), *told[1:]])


def _row(line: Line) -> tuple[str, ...]:
    return (
        line.name,
        line.database,
        line.unit,
        _number(median(line.ours)),
        _spread(line.ours),
        _number(median(line.bare)),
        _spread(line.bare),
        f"{line.ratio:.2f}x" if line.ratio < 10 else f"{line.ratio:.0f}x",
    )


def _cell(column: int, text: str, width: int) -> str:
    return text.ljust(width) if column < 3 else text.rjust(width)


def _spread(values: Sequence[float]) -> str:
    return f"{_number(min(values))}-{_number(max(values))}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
