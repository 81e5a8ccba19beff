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
    """Opens a zip that must be refused, checks that all is as it was before, and gives the sentence."""

    def opened(archive: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
        before = everything(tmp_path)
        with pytest.raises(Refused) as caught:
            open_package(io.BytesIO(archive), tmp_path / "packages" / "one", limits)
        assert everything(tmp_path) == before
        assert "%(" not in str(caught.value)
        return str(caught.value)

    (tmp_path / "packages" / "other").mkdir(parents=True)
    (tmp_path / "packages" / "other" / "index.html").write_bytes(b"another package")
    (tmp_path / "beside.txt").write_bytes(b"not a package")
    return opened


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Mode and content of all files and folders at any depth, links not followed."""
    return {
        path.relative_to(folder).as_posix(): (
            path.lstat().st_mode,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }
