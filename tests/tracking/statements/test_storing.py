from datetime import date

from tests.tracking.cast import (
    AN,
    BINH,
    INITIALIZED,
    NOON,
    PASSED,
    keep,
    known,
    rate,
    said,
)
from tracking.rates.services import place
from tracking.rebuild import rebuild


def test_smoke(session):
    known(session, AN, BINH)
    place(session, AN, 1, "officer", date(2025, 1, 1), NOON)
    place(session, BINH, 2, "officer", date(2025, 1, 1), NOON)
    out = keep(session, said(AN), said(AN, INITIALIZED), said(BINH, PASSED, at=None))
    assert len(out.completions) == 2
    assert rate(session, 1, 2) == (2, 2)
    assert rebuild(session, check=True).differences == 0
    session.commit()
