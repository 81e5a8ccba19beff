import pytest

from tests.courses.manifest.sequencing import Sequencer


@pytest.fixture(scope="session")
def sequencer():
    started = Sequencer()
    yield started
    started.close()
