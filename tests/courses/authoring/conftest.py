import pytest

from courses.authoring import build_scorm12, read_lesson
from tests.courses.authoring.learning import Learner
from tests.courses.authoring.sample import write_lesson
from tests.courses.authoring.serving import serve


@pytest.fixture
def context(browser):
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the sample lesson is served."""
    lesson = read_lesson(write_lesson(tmp_path_factory.mktemp("sample")))
    with serve(build_scorm12(lesson)) as address:
        yield address


@pytest.fixture
def open_lesson(context, address):
    """Opens the sample; at the end, no host was misused and the browser had nothing to complain about."""
    opened = []

    def open_one(*, host=True):
        opened.append(Learner(context, address, host=host))
        return opened[-1]

    yield open_one
    for learner in opened:
        assert learner.complaints == []
        if not learner.page.is_closed() and learner.page.frame("lesson"):
            assert learner.host("errors") == []


@pytest.fixture
def learner(open_lesson):
    return open_lesson()
