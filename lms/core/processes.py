"""Running web server, worker and scheduler as children of one process, and stopping them cleanly."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

log = structlog.get_logger()

GRACE_SECONDS = 20
SHORTEST_LIFE = 5  # a child that ends sooner was not able to start
MOST_QUICK_ENDS = 8  # long enough for a predecessor that was killed to let go of the port
SET_PARENT_DEATH_SIGNAL = 1


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """Ask Linux to end this process when its parent is gone, however that died; elsewhere, nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, number)


@dataclass
class Child:
    """One process; `command` starts it. `quick_ends` counts starts in a row that came to nothing."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    quick_ends: int = 0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  (our own commands)
            self.command,
            preexec_fn=die_with_parent,  # noqa: PLW1509  (no threads run yet)
        )

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


@dataclass
class Supervisor:
    """Keeps children running until it is told to stop; the first that stops for good stops them all."""

    children: list[Child] = field(default_factory=list)
    stopping: bool = False
    failed: bool = False

    def run(self) -> int:
        """Returns the exit code: 0 after a signal, 1 when a child could not be kept alive."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        for child in self.children:
            child.start()
        while not self.stopping:
            self._wait_for_a_child()
        self._stop(self.children)
        return 1 if self.failed else 0

    def _told(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _wait_for_a_child(self) -> None:
        time.sleep(0.5)
        for child in self.children:
            if self.stopping or not child.ended():
                continue
            quick = time.monotonic() - child.started < SHORTEST_LIFE
            child.quick_ends = child.quick_ends + 1 if quick else 0
            if child.quick_ends >= MOST_QUICK_ENDS:
                log.error("process_cannot_be_kept_alive", process=child.name)
                self.failed = self.stopping = True
                return
            log.warning("process_restarted", process=child.name)
            child.start()

    def _stop(self, children: Iterable[Child]) -> None:
        running = [child for child in children if child.process and not child.ended()]
        for child in running:
            child.process.terminate()  # type: ignore[union-attr]  # filtered above
        deadline = time.monotonic() + GRACE_SECONDS
        for child in running:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))  # type: ignore[union-attr]
            except subprocess.TimeoutExpired:
                child.process.kill()  # type: ignore[union-attr]


def own_command(*arguments: str) -> list[str]:
    """The command line that runs another `lms` command with this very interpreter."""
    return [sys.executable, "-m", "lms", *arguments]
