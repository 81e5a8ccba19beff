"""One statement of each kind, made by the functions that make them in earnest, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from lms.catalogue.models import Course, CourseVersion, Lesson
from lms.cmi5.models import Launch, Registration
from lms.cmi5.rules.moving import Group
from lms.cmi5.services.statements import abandoned, launched, satisfied, waived
from lms.core.vocabulary.iris import own
from lms.player.models import Attempt, PlaySession
from lms.player.rules.answers import Answer
from lms.player.rules.snapshot import Score
from lms.player.services import answering
from lms.player.services.statements import Teller, course_completed, result, voiding
from tests.factories.learning import HOME

Json = dict[str, Any]

LEARNER = UUID("0b1c6e0a-3f3f-4b7e-9a51-5c0f0c9b7a11")
ATTEMPT = UUID("a2d6f6a4-1a52-4a5e-8a0a-2f5f0f3f9d42")
BEGUN = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def lesson() -> Lesson:
    course = Course(iri=f"{HOME}/courses/quet-qr-an-toan", title="Quét mã QR an toàn", description="Về mã QR")
    version = CourseVersion(course=course, number=1)
    return Lesson(version=version, iri=f"{course.iri}/lessons/bai-1", title="Quét mã QR an toàn")


def attempt_told(verb: str, minutes: int = 0, **more: Any) -> Json:
    """What the attempt says so many minutes after it began."""
    attempt = Attempt(id=ATTEMPT, learner=LEARNER, lesson=lesson())
    said = result(**more) if more else None
    return Teller(attempt, HOME).tell(
        verb, BEGUN + timedelta(minutes=minutes), of=ATTEMPT, number=minutes, result=said
    )


def question_answered() -> Json:
    """That a question of the attempt was answered."""
    answer = Answer(
        position=0,
        item="cau-1",
        kind="choice",
        response="b",
        correct=("b",),
        right=True,
        points=None,
        seconds=4.0,
        moment="08:31:00",
        prompt="",
        is_settled=True,
    )
    attempt = Attempt(id=ATTEMPT, learner=LEARNER, lesson=lesson())
    given = answering._Given(answer, BEGUN + timedelta(minutes=1), None)
    return answering._statement(Teller(attempt, HOME), given)


def one_of_each() -> dict[str, Json]:
    """By template."""
    course, statement_id = lesson().version.course, uuid5(LEARNER, "the last lesson")
    found = {
        "lesson-initialized": attempt_told("initialized"),
        "lesson-answered": question_answered(),
        "lesson-progressed": attempt_told("progressed", 1, progress=40),
        "lesson-failed": attempt_told("failed", 3, success=False, score=Score(50, 0, 100), seconds=170),
        "lesson-passed": attempt_told("passed", 4, success=True, score=Score(90, 0, 100), seconds=230.5),
        "lesson-completed": attempt_told("completed", 4, completion=True, success=True, seconds=230.5),
        "lesson-suspended": attempt_told("suspended", 5, seconds=250),
        "lesson-terminated": attempt_told("terminated", 6, seconds=260),
        "course-completed": course_completed(
            course, LEARNER, BEGUN, last=statement_id, number=0, home_page=HOME
        ),
        "taken-back": voiding(statement_id, "Kiểm tra nhầm lớp", BEGUN, HOME, own_id=uuid4()),
    }
    found |= _of_units()
    return {own(name): statement for name, statement in found.items()}


def _of_units() -> dict[str, Json]:
    """What is said of a cmi5 registration."""
    unit = lesson()
    unit.identifier, unit.move_on, unit.mastery_score = "https://example.org/au", "Passed", 0.8
    unit.launch_parameters = "voice=off"
    course = unit.version.course
    registration = Registration(id=ATTEMPT, actor=LEARNER, version=unit.version)
    launch = Launch(
        id=uuid4(),
        registration=registration,
        play=PlaySession(attempt=Attempt(id=uuid4(), learner=LEARNER, lesson=unit)),
        mode="Normal",
        address="https://example.org/au.html",
        started=BEGUN,
        seconds=90.0,
    )
    block = Group(f"{course.iri}/blocks/phan-1", "https://example.org/block", "Phần 1")
    whole = Group(course.iri, "https://example.org/course", course.title)
    return {
        "unit-launched": launched(launch, HOME),
        "unit-abandoned": abandoned(launch, BEGUN, HOME),
        "unit-waived": waived(registration, unit, "Administrative", BEGUN, HOME),
        "block-satisfied": satisfied(registration, block, BEGUN, HOME, session_id=launch.id),
        "course-satisfied": satisfied(registration, whole, BEGUN, HOME, session_id=launch.id),
    }
