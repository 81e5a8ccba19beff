"""The kinds of statements that we make, each with its rules (xAPI Profiles part 2, 8.0).

A statement without the mark of the profile, with a name or an e-mail of a learner, or with a result that does
not belong to its verb is none of ours.
"""

from lms.core.vocabulary.iris import (
    ANSWERED,
    COMPLETED,
    COURSE,
    FAILED,
    INITIALIZED,
    INTERACTION,
    LESSON,
    PASSED,
    PROGRESS,
    PROGRESSED,
    REASON,
    SUSPENDED,
    TERMINATED,
    VERSION,
    VOIDED,
)
from lms.core.vocabulary.shapes import Json, Words, extension, rule, template, words
from lms.core.vocabulary.units import unit_templates

COMPLETION, SUCCESS, SCORE = "$.result.completion", "$.result.success", "$.result.score"
DURATION = "$.result.duration"
HOW_FAR = extension("$.result", PROGRESS)

_ALWAYS = [
    rule("$.id"),
    rule("$.timestamp"),
    rule("$.actor.account.homePage"),
    rule("$.actor.account.name"),
    rule(
        "$.actor.name | $.actor.mbox | $.actor.mbox_sha1sum | $.actor.openid | $.actor.member",
        "excluded",
        note=words(
            "Người học chỉ được nêu bằng mã nội bộ ngẫu nhiên, không có họ tên hay thư điện tử.",
            "Learners are named by a random internal id alone, never by name or e-mail.",
        ),
    ),
    rule("$.context.language", all_of=["vi"]),
    rule("$.context.contextActivities.category[*].id", any_of=[VERSION]),
]
_OF_A_REGISTRATION = [
    *_ALWAYS,
    rule(
        "$.context.registration",
        note=words("Một lượt học của một người với một bài học.", "One learner's attempt at one lesson."),
    ),
    rule("$.context.platform"),
    rule("$.object.definition.name"),
    rule(
        "$.context.contextActivities.grouping[*].id",
        note=words("Phiên bản của khóa học.", "The version of the course."),
    ),
]
_PARENT = "$.context.contextActivities.parent[*].definition.type"
_OF_AN_ATTEMPT = [*_OF_A_REGISTRATION, rule(_PARENT, all_of=[COURSE])]
_ALONE = [*_ALWAYS, rule("$.context.registration", "excluded")]
_TIME_SPENT = rule(
    DURATION,
    note=words(
        "Thời gian học thực tế, cộng dồn trên máy chủ.", "Time spent learning, added up by the server."
    ),
)


def _without(*places: str) -> list[Json]:
    return [rule(place, "excluded") for place in places]


def _of_lesson(name: str, verb: str, label: Words, definition: Words, rules: list[Json]) -> Json:
    every = [*_OF_AN_ATTEMPT, *rules]
    return template(name, label, definition, rules=every, verb=verb, objectActivityType=LESSON)


TEMPLATES = [
    _of_lesson(
        "lesson-initialized",
        INITIALIZED,
        words("Mở bài học", "Lesson opened"),
        words("Người học mở bài học và bài học đã chạy.", "A lesson was opened and has begun to run."),
        _without("$.result"),
    ),
    template(
        "lesson-answered",
        words("Trả lời câu hỏi", "Question answered"),
        words(
            "Một câu hỏi trong bài học được trả lời; mỗi câu trả lời một bản ghi, theo hồ sơ SCORM của ADL. "
            "Bài học là parent, khóa học và phiên bản là grouping.",
            "A question within a lesson was answered; each answer once, by the terms of ADL's SCORM profile. "
            "The lesson is its parent, course and version its grouping.",
        ),
        rules=[
            *_OF_A_REGISTRATION,
            rule(_PARENT, all_of=[LESSON]),
            rule("$.object.definition.interactionType"),
            rule("$.object.definition.correctResponsesPattern", "recommended"),
            rule("$.result.response"),
            rule(SUCCESS, "recommended", all_of=[True, False]),
            rule(
                DURATION,
                "recommended",
                note=words(
                    "Thời gian trả lời, theo bài học cho biết.", "How long it took, as the lesson tells it."
                ),
            ),
            *_without(COMPLETION, "$.result.score.scaled"),
        ],
        verb=ANSWERED,
        objectActivityType=INTERACTION,
    ),
    _of_lesson(
        "lesson-progressed",
        PROGRESSED,
        words("Học thêm được một phần", "Progress in a lesson"),
        words(
            "Đã học được thêm ít nhất 10% của bài học, trước khi hoàn thành.",
            "At least another 10% of the lesson were done, before it was completed.",
        ),
        [rule(HOW_FAR), *_without(COMPLETION, SUCCESS, SCORE)],
    ),
    _of_lesson(
        "lesson-passed",
        PASSED,
        words("Đạt bài kiểm tra", "Check passed"),
        words(
            "Kết quả đạt yêu cầu, lần đầu hoặc với số điểm cao hơn trước.",
            "The result is good enough, for the first time or with more points than before.",
        ),
        [rule(SUCCESS, all_of=[True]), _TIME_SPENT, rule(SCORE, "recommended"), *_without(COMPLETION)],
    ),
    _of_lesson(
        "lesson-failed",
        FAILED,
        words("Chưa đạt bài kiểm tra", "Check failed"),
        words(
            "Kết quả chưa đạt yêu cầu, lần đầu hoặc với số điểm cao hơn trước; không có sau khi đã đạt.",
            "The result is not good enough, for the first time or with more points than before; "
            "never once it was passed.",
        ),
        [rule(SUCCESS, all_of=[False]), _TIME_SPENT, rule(SCORE, "recommended"), *_without(COMPLETION)],
    ),
    _of_lesson(
        "lesson-completed",
        COMPLETED,
        words("Hoàn thành bài học", "Lesson completed"),
        words(
            "Bài học đã hoàn thành; mỗi lượt học chỉ một lần. Nếu bài có kiểm tra thì nêu cả kết quả.",
            "The lesson is completed; once in an attempt. Where there is a check, its outcome is told too.",
        ),
        [
            rule(COMPLETION, all_of=[True]),
            rule(SUCCESS, "recommended", all_of=[True, False]),
            _TIME_SPENT,
            *_without(SCORE),
        ],
    ),
    _of_lesson(
        "lesson-suspended",
        SUSPENDED,
        words("Tạm dừng bài học", "Lesson left"),
        words(
            "Người học rời bài học, lần sau sẽ học tiếp từ chỗ đó.",
            "A lesson was left, to be gone on with from there.",
        ),
        [_TIME_SPENT, *_without(COMPLETION, SUCCESS, SCORE)],
    ),
    _of_lesson(
        "lesson-terminated",
        TERMINATED,
        words("Kết thúc bài học", "Lesson ended"),
        words("Người học rời bài học đã hoàn thành.", "A lesson was left that is completed."),
        [_TIME_SPENT, *_without(COMPLETION, SUCCESS, SCORE)],
    ),
    template(
        "course-completed",
        words("Hoàn thành khóa học", "Course completed"),
        words(
            "Mọi bài học của khóa học đã hoàn thành. context.statement là bản ghi của bài cuối cùng, có thể "
            "do nền tảng khác gửi. Không có registration.",
            "All lessons of a course are completed. context.statement completed the last of them, and may "
            "have come from another platform. Told alone, without a registration.",
        ),
        rules=[
            *_ALONE,
            rule("$.context.platform"),
            rule("$.object.definition.name"),
            rule("$.context.statement.id"),
            rule(COMPLETION, all_of=[True]),
            *_without(SUCCESS, SCORE, DURATION),
        ],
        verb=COMPLETED,
        objectActivityType=COURSE,
    ),
    template(
        "taken-back",
        words("Thu hồi bản ghi", "Statement taken back"),
        words(
            "Một bản ghi không còn hiệu lực, với lý do. Do quản trị viên thu hồi, hoặc tự động khi một bài "
            "học của khóa học không còn được tính. Không có registration.",
            "A statement holds no longer, with the reason: an administrator took it back, or a lesson of the "
            "course does not count any more. Told alone, without a registration.",
        ),
        rules=[
            *_ALONE,
            rule("$.actor.account.name", all_of=["lms"]),
            rule("$.object.objectType", all_of=["StatementRef"]),
            rule("$.object.id"),
            rule(extension("$.context", REASON)),
            *_without("$.result"),
        ],
        verb=VOIDED,
    ),
    *unit_templates(_ALWAYS),
]
