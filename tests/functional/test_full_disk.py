"""A disk that is full: refusals in a sentence, nothing acknowledged lost, and all well once there is room."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lms.core.runtime import Runtime
from lms.settings import read_settings
from lms.xapi.sweeping import sweep_files
from tests.functional.attaching import Sender, drafts_on_disk, files_on_disk
from tests.functional.serving import Installation
from tests.lms.xapi.mixing import sha256

MIB = 1024 * 1024
ROOM = 24 * MIB


def mounted(*arguments: str) -> bool:
    program = shutil.which("mount")
    if program is None:
        return False
    return subprocess.run([program, *arguments], check=False, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own, which holds 24 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or not mounted("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)):
        pytest.skip("a small disk can only be mounted by root, outside of most containers")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.slow
def test_a_full_disk_loses_nothing_and_recovers(small_disk: Path):
    installation = Installation(small_disk / "data")
    installation.data.mkdir()
    # What the server says is read by the test, and must not fail for want of room.
    (installation.data / "server.log").symlink_to(small_disk.parent / "server.log")
    installation.lms("db", "upgrade")
    sender = Sender.of(installation)
    installation.start()
    try:
        check(installation, sender, small_disk)
    finally:
        installation.kill()


def check(installation: Installation, sender: Sender, disk: Path) -> None:
    sizes = (700_000, 90_000, 0, 3_000)
    while sender.send(sizes[len(sender.kept) % len(sizes)]) == 200:
        assert len(sender.kept) < 1000, "the disk does not fill up"
    for turn in range(40):
        sender.send(sizes[turn % len(sizes)])
    assert set(sender.refused.values()) <= {507, 503}
    assert drafts_on_disk(installation) == []
    full = len(sender.kept)

    assert mounted("-o", f"remount,size={4 * ROOM}", str(disk))
    deadline = time.monotonic() + 60
    while sender.send(90_000) != 200:
        assert time.monotonic() < deadline, "the server did not recover"
    again = {statement_id: sender.found(statement_id) for statement_id in sender.refused}
    runtime = Runtime(read_settings(installation.environment, dotenv=None))
    swept = sweep_files(runtime, old=timedelta(days=-1))
    runtime.close()
    print(
        f"full disk: {full} acknowledged before there was room again, {len(sender.refused)} refused "
        f"({', '.join(f'{list(sender.refused.values()).count(one)} with {one}' for one in (507, 503))}), "
        f"{len(sender.missing())} missing, {sum(found is not None for found in again.values())} half kept, "
        f"{swept} files swept"
    )
    assert sender.missing() == []
    assert not [statement_id for statement_id, found in again.items() if found is not None]
    assert all(len(sentence) > 20 for sentence in sender.sentences), sender.sentences
    assert 507 in sender.refused.values()
    assert files_on_disk(installation) == sorted(
        sha256(content) for content in sender.kept.values() if content
    )
