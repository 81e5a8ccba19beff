"""A folder in which packages are opened, and the question what is in it."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from courses.errors import Refused
from courses.packaging import Limits, open_package
from courses.packaging.limits import DEFAULT_LIMITS


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., str]:
    """Opens a zip that must be refused, checks that nothing at all is left, and gives the sentence."""

    def opened(archive: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
        with pytest.raises(Refused) as caught:
            open_package(io.BytesIO(archive), tmp_path / "packages" / "one", limits)
        assert list((tmp_path / "packages").iterdir()) == []
        assert [path.name for path in tmp_path.iterdir()] == ["packages"]
        return str(caught.value)

    (tmp_path / "packages").mkdir()
    return opened
