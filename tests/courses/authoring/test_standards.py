"""One lesson built for each standard: the same answers come to the same, in the words of each."""

import pytest

from courses.authoring import build_package, read_lesson
from tests.courses.authoring.learning import Learner
from tests.courses.authoring.sample import write_lesson
from tests.courses.authoring.serving import serve
from tests.courses.authoring.store import Store

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def lesson(tmp_path_factory):
    return read_lesson(write_lesson(tmp_path_factory.mktemp("standards")))


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def at(lesson, store):
    """Where the cmi5 build is served, beside the store."""
    with serve(build_package(lesson, "cmi5"), store) as address:
        yield address
    assert store.complaints == []


def launched(context, at, store) -> Learner:
    return Learner(context, at, page=f"lesson/index.html?{store.launch()}", host=True, framed=False)


def leave(learner, store):
    learner.screen.click("#leave")
    learner.page.wait_for_url("**/host.css")


def test_scorm_2004_hears_of_completing_passing_score_progress_and_time(context, lesson):
    with serve(build_package(lesson, "scorm2004")) as address:
        learner = Learner(context, address, page="host2004.html")
        learner.play_until("check")
        assert learner.data("cmi.completion_status") == "incomplete"
        assert learner.data("cmi.exit") == "suspend"
        learner.take_check("a", "t", "a")
        wanted = {
            "cmi.completion_status": "completed",
            "cmi.success_status": "passed",
            "cmi.score.scaled": "0.67",
            "cmi.score.raw": "67",
            "cmi.exit": "normal",
            "cmi.progress_measure": "1",
            "cmi.interactions.1.learner_response": "a[,]c",
            "cmi.interactions.4.correct_responses.0.pattern": "a[,]b[,]c",
            "cmi.interactions.6.learner_response": "true",
            "cmi.interactions.7.result": "incorrect",
        }
        assert {name: learner.data(name) for name in wanted} == wanted
        assert learner.data("cmi.session_time").startswith("PT")
        assert learner.host("errors") == learner.complaints == []


def test_scorm_2004_goes_on_where_it_was_left_and_does_not_take_a_pass_back(context, lesson):
    with serve(build_package(lesson, "scorm2004")) as address:
        learner = Learner(context, address, page="host2004.html")
        learner.play_until("check")
        learner.take_check("b", "f", "a")
        assert learner.data("cmi.success_status") == "failed"
        assert learner.data("cmi.completion_status") == "incomplete"
        learner.page.close()
        again = Learner(context, address, page="host2004.html")
        assert again.step == "end"
        again.go_on()
        again.take_check("a", "t", "b")
        assert again.data("cmi.success_status") == "passed"
        assert again.host("errors") == []


def test_cmi5_tells_the_session_in_order_with_score_and_time(context, at, store):
    learner = launched(context, at, store)
    learner.play_until("check")
    learner.take_check("a", "t", "a")
    leave(learner, store)
    assert store.told() == ["initialized", "passed", "completed", "terminated"]
    assert store.told().count("terminated") == 1
    passed = store.result("passed")
    assert (passed["success"], passed["score"]) == (True, {"scaled": 0.67, "raw": 67, "min": 0, "max": 100})
    assert store.result("completed")["completion"] is True
    assert store.result("terminated")["duration"].startswith("PT")
    answers = [one for one in store.statements if one["verb"]["id"].endswith("answered")]
    assert len(answers) == 8
    assert answers[1]["result"]["response"] == "a[,]c"
    assert "category" not in answers[0]["context"]["contextActivities"]


def test_cmi5_goes_on_in_another_session_and_tells_failing_only_when_a_session_ends(context, at, store):
    learner = launched(context, at, store)
    learner.play_until("check")
    learner.take_check("b", "f", "a")
    assert store.told() == ["initialized"]
    leave(learner, store)
    assert store.told() == ["initialized", "failed", "terminated"]
    again = launched(context, at, store)
    assert again.step == "end"
    again.go_on()
    again.take_check("a", "t", "b")
    leave(again, store)
    assert store.told()[3:] == ["initialized", "passed", "completed", "terminated"]
    third = launched(context, at, store)
    third.go_on()
    leave(third, store)
    assert store.told()[7:] == ["initialized", "terminated"]


def test_closing_the_page_of_a_cmi5_lesson_ends_its_session(context, at, store):
    learner = launched(context, at, store)
    learner.go_on()
    learner.page.goto(f"{at}/host.css")
    assert store.ended.wait(10)
    assert store.told() == ["initialized", "terminated"]


def test_looking_at_a_cmi5_lesson_tells_only_that_it_began_and_ended(context, at, store):
    store.mode = "Browse"
    learner = launched(context, at, store)
    assert "xem thử" in learner.screen.inner_text("#notice")
    learner.play_until("check")
    learner.take_check("a", "t", "a")
    leave(learner, store)
    assert store.told(without="") == ["initialized", "terminated"]
    assert store.state is None


def test_a_cmi5_host_may_demand_another_pass_mark(context, at, store):
    store.mastery = 0.7
    learner = launched(context, at, store)
    learner.play_until("check")
    learner.take_check("a", "t", "a")
    assert learner.text("h2") == "Bác thử lại nhé!"


def test_without_its_key_a_cmi5_lesson_says_that_nothing_is_kept(context, at, store):
    query = store.launch()
    store.answer("POST", "/fetch", {}, b"")
    learner = Learner(context, at, page=f"lesson/index.html?{query}", framed=False)
    assert "Chưa nối được" in learner.screen.inner_text("#notice")
    store.complaints.clear()
