"""Finding units, and what lies below and above them."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.core.errors import NotFound
from lms.core.names import fold
from lms.units.models import Unit


def unit_of_code(session: Session, code: str) -> Unit:
    """The unit of that code. Raises NotFound."""
    unit = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
    if unit is None:
        raise NotFound("There is no unit with the code “%(code)s”.", code=code)
    return unit


def units_of_codes(session: Session, codes: Iterable[str]) -> dict[str, Unit]:
    wanted = list(set(codes))
    found: dict[str, Unit] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        found.update((unit.code, unit) for unit in session.scalars(select(Unit).where(Unit.code.in_(part))))
    return found


def top_unit(session: Session) -> Unit | None:
    """The city: the first unit that has nothing above it."""
    return session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)).first()


def children(session: Session, unit: Unit) -> list[Unit]:
    return list(session.scalars(select(Unit).where(Unit.parent_id == unit.id).order_by(Unit.order_key)))


def subtree(unit: Unit) -> Select[Unit]:
    """The select of a unit and all below it."""
    return select(Unit).where(Unit.path.startswith(unit.path, autoescape=True))


def subtree_ids(session: Session, unit: Unit) -> set[int]:
    query = select(Unit.id).where(Unit.path.startswith(unit.path, autoescape=True))
    return set(session.scalars(query))


def grouped_by_child(session: Session, unit: Unit) -> dict[int, set[int]]:
    """For each child the ids of it and all below it; under the unit's own id, itself alone."""
    groups: defaultdict[int, set[int]] = defaultdict(set)
    below = select(Unit.id, Unit.path).where(Unit.path.startswith(unit.path, autoescape=True))
    for unit_id, path in session.execute(below):
        rest = path[len(unit.path) :]
        groups[int(rest.split("/", 1)[0]) if rest else unit.id].add(unit_id)
    return dict(groups)


def ancestors(session: Session, unit: Unit) -> list[Unit]:
    """From the top down to the parent."""
    ids = [int(part) for part in unit.path.split("/") if part][:-1]
    found = {above.id: above for above in session.scalars(select(Unit).where(Unit.id.in_(ids)))}
    return [found[unit_id] for unit_id in ids]


def units_matching(session: Session, text: str, within: Unit, limit: int = 20) -> list[Unit]:
    """Units whose name or code holds the text, accents or not."""
    query = subtree(within).where(
        Unit.search_key.contains(fold(text), autoescape=True) | (Unit.code == text.strip())
    )
    return list(session.scalars(query.order_by(Unit.order_key).limit(limit)))
