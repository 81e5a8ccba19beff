"""The statements that cmi5 has a learning system make of units, blocks and courses (cmi5 section 9.3)."""

from lms.core.vocabulary.iris import (
    ABANDONED,
    CMI5,
    CMI5_BLOCK,
    CMI5_COURSE,
    LAUNCH_MODE,
    LAUNCH_URL,
    LAUNCHED,
    LESSON,
    MOVE_ON,
    MOVE_ON_CATEGORY,
    SATISFIED,
    SESSION_ID,
    WAIVED,
    WHY_WAIVED,
)
from lms.core.vocabulary.shapes import Json, Words, extension, rule, template, words

_CATEGORY = "$.context.contextActivities.category[*].id"
_RESULT = "$.result"
_COMPLETION, _SUCCESS = "$.result.completion", "$.result.success"


def unit_templates(always: list[Json]) -> list[Json]:
    """The templates; `always` are the rules of every statement of ours."""
    every = [*always, *_EVERY]
    return [*_of_sessions(every), _of_waivers(every), *_of_what_is_satisfied(every)]


def _of_sessions(every: list[Json]) -> list[Json]:
    return [
        _of_unit(
            "unit-launched",
            LAUNCHED,
            words("Mở bài học cmi5", "cmi5 unit opened"),
            words(
                "Hệ thống mở một bài học cmi5, trước khi bài học chạy.",
                "A cmi5 unit was opened by the learning system, before it ran.",
            ),
            [
                *every,
                rule(extension("$.context", LAUNCH_MODE), all_of=["Normal", "Browse", "Review"]),
                rule(extension("$.context", LAUNCH_URL)),
                rule(extension("$.context", MOVE_ON)),
                rule(_RESULT, "excluded"),
            ],
        ),
        _of_unit(
            "unit-abandoned",
            ABANDONED,
            words("Bỏ dở bài học cmi5", "cmi5 unit abandoned"),
            words(
                "Phiên học kết thúc mà bài học không báo: người học mở lại, hoặc đã quá thời gian.",
                "A session ended without a word of the unit: it was opened again, or time ran out.",
            ),
            [
                *every,
                rule("$.result.duration"),
                rule(_COMPLETION, "excluded"),
                rule(_SUCCESS, "excluded"),
            ],
        ),
    ]


def _of_waivers(every: list[Json]) -> Json:
    return _of_unit(
        "unit-waived",
        WAIVED,
        words("Miễn bài học cmi5", "cmi5 unit waived"),
        words(
            "Quản trị viên miễn bài học cho người học, với một lý do trong danh sách của cmi5.",
            "An administrator let the learner off the unit, for one of cmi5's reasons.",
        ),
        [
            *every,
            rule(_CATEGORY, any_of=[MOVE_ON_CATEGORY]),
            rule(_COMPLETION, all_of=[True]),
            rule(_SUCCESS, all_of=[True]),
            rule(extension(_RESULT, WHY_WAIVED)),
        ],
    )


def _of_what_is_satisfied(every: list[Json]) -> list[Json]:
    return [
        _satisfied(
            "block-satisfied",
            CMI5_BLOCK,
            words("Đạt yêu cầu một phần của khóa học", "cmi5 block satisfied"),
            words(
                "Mọi bài học trong phần này đã đạt yêu cầu moveOn.",
                "All units of the block have met their moveOn.",
            ),
            every,
        ),
        _satisfied(
            "course-satisfied",
            CMI5_COURSE,
            words("Đạt yêu cầu khóa học cmi5", "cmi5 course satisfied"),
            words(
                "Mọi bài học của khóa học đã đạt yêu cầu moveOn: khóa học hoàn thành.",
                "All units of the course have met their moveOn: the course is completed.",
            ),
            every,
        ),
    ]


_EVERY = [
    rule(
        "$.context.registration",
        note=words(
            "Một lần học một khóa học cmi5; các bài học của khóa có chung registration.",
            "One way through a cmi5 course; all its units share the registration.",
        ),
    ),
    rule(extension("$.context", SESSION_ID)),
    rule(_CATEGORY, any_of=[CMI5]),
    rule(
        "$.context.contextActivities.grouping[*].id",
        note=words(
            "Mã do nhà phát hành đặt, và phiên bản của khóa học.",
            "The publisher's id, and the version of the course.",
        ),
    ),
    rule("$.context.platform"),
    rule("$.object.definition.name"),
]


def _of_unit(name: str, verb: str, label: Words, definition: Words, rules: list[Json]) -> Json:
    return template(name, label, definition, rules=rules, verb=verb, objectActivityType=LESSON)


def _satisfied(name: str, kind: str, label: Words, definition: Words, every: list[Json]) -> Json:
    rules = [*every, rule(_RESULT, "excluded")]
    return template(name, label, definition, rules=rules, verb=SATISFIED, objectActivityType=kind)
