import contextlib

import pytest

from courses.authoring import build_scorm12
from tests.courses.authoring.learning import Learner
from tests.courses.authoring.serving import serve


@pytest.fixture
def library(browser):
    """Opens a lesson of our library in a window of a given size."""
    with contextlib.ExitStack() as stack:

        def open_one(slug, *, width=360, height=740):
            address = stack.enter_context(serve(build_scorm12(slug)))
            context = stack.enter_context(contextlib.closing(browser.new_context()))
            learner = Learner(context, address)
            learner.page.set_viewport_size({"width": width, "height": height})
            return learner

        yield open_one
