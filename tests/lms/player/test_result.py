"""Results and progress in words."""

from courses.packaging import BuildItem
from lms.catalogue.models import Lesson
from lms.player.queries import Standing, courses_progress, progress_of
from tests.factories.courses import import_package, package
from tests.factories.learning import tell
from tests.lms.player.playing import COMPLETED


def result(client, key="L1"):
    answer = client.get(f"/learn/qr/{key}/result")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_completed_lesson_leads_to_the_next(officer, launch):
    launch(officer).commit(end="finish", **COMPLETED)
    page = result(officer)
    assert "Lesson completed" in page
    assert 'action="/learn/qr/L2"' in page


def test_the_last_lesson_says_that_the_course_is_completed(officer, launch):
    launch(officer, "L1").commit(end="finish", **COMPLETED)
    launch(officer, "L2").commit(end="finish", lesson_status="passed", score={"raw": 90})
    page = result(officer, "L2")
    assert "Score: 90 of 100" in page
    assert "you have completed the course" in page


def test_a_lesson_that_was_left_says_saved_and_go_on(officer, launch):
    launch(officer).commit(end="finish", lesson_status="incomplete", exit="suspend")
    page = result(officer)
    assert "Saved" in page
    assert "Go on learning" in page


def test_a_failed_check_says_so_kindly(officer, launch):
    launch(officer, "L2").commit(end="finish", lesson_status="failed", score={"raw": 40}, exit="suspend")
    page = result(officer, "L2")
    assert "Not passed yet" in page
    assert "Score: 40 of 100" in page


def test_a_guest_is_told_where_the_result_is_kept(visitor, launch):
    launch(visitor).commit(end="finish", **COMPLETED)
    assert "kept on this phone only" in result(visitor)


def test_there_is_no_result_of_what_was_never_begun(officer, launch):
    launch(officer)
    assert officer.get("/learn/qr/L2/result").status_code == 404


def test_whoever_was_signed_out_meanwhile_signs_in_to_see_the_result(officer, visitor, launch):
    launch(officer)
    answer = visitor.get("/learn/qr/L1/result", follow_redirects=True)
    assert answer.request.full_path == "/sign-in?next=/learn/qr/L1/result"
    assert "Nothing of what you have learned is lost" in answer.get_data(as_text=True)


def test_the_lists_show_ones_own_progress(officer, visitor, launch):
    launch(officer).commit(end="finish", **COMPLETED)
    assert "1 of 2" in officer.get("/lessons").get_data(as_text=True)
    assert "1 of 2" not in visitor.get("/lessons").get_data(as_text=True)
    assert "Go on learning" in officer.get("/courses/qr").get_data(as_text=True)
    assert 'action="/learn/qr/L2"' in officer.get("/courses/qr").get_data(as_text=True)


def test_what_was_learned_elsewhere_counts_as_done(database, person, course, lesson_iris):
    with database.transaction() as session:
        tell(session, person, lesson_iris[0])
        lessons = [session.get_one(Lesson, lesson.id) for lesson in course.version.lessons]
        found = progress_of(session, person.id, lessons)
        (whole,) = courses_progress(session, person.id, [course.course])
    assert [found[lesson.id].standing for lesson in lessons] == [Standing.DONE, Standing.NEW]
    assert (whole.done, whole.total, whole.standing, whole.part) == (1, 2, Standing.BEGUN, 0.5)
    assert whole.next.lesson.key == "L2"


def test_learning_again_does_not_undo_what_was_reached(officer, launch, database, person, course):
    launch(officer, "L2").commit(end="finish", lesson_status="passed", score={"raw": 90})
    launch(officer, "L2").commit(lesson_status="failed", score={"raw": 10}, exit="suspend")
    with database.snapshot() as session:
        (whole,) = courses_progress(session, person.id, [course.course])
    lesson = whole.lessons[1]
    assert (lesson.standing, lesson.success, lesson.score, lesson.part) == (Standing.DONE, True, 90, 1.0)


def test_an_asset_is_completed_by_being_seen_and_a_package_is_not(
    officer, launch, database, runtime, tmp_path
):
    asset = BuildItem(identifier="L1", title="Trang", href="a.html", scorm_type="asset")
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, package(lessons=[asset]), slug="page")
    page = launch(officer, slug="page")
    assert page.config["kind"] == "asset"
    page.send(seq=1, cmi=None, visible=3)
    assert "Lesson completed" in officer.get("/learn/page/L1/result").get_data(as_text=True)
