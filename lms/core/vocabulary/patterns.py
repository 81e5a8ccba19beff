"""In which order our statements come (xAPI Profiles part 2, 9.0).

An attempt may be played on two devices, or without a network for hours: its sessions overlap, and what they
tell arrives late. So only that holds of the order which is true for every attempt.
"""

from lms.core.vocabulary.shapes import pattern, words

ANYTHING = (
    "lesson-initialized",
    "lesson-answered",
    "lesson-progressed",
    "lesson-passed",
    "lesson-failed",
    "lesson-suspended",
    "lesson-terminated",
)

# What we say of a cmi5 registration; the units speak for themselves in between.
OF_UNITS = ("unit-launched", "unit-abandoned", "unit-waived", "block-satisfied", "course-satisfied")

PATTERNS = [
    pattern(
        "attempt",
        label=words("Một lượt học", "An attempt"),
        definition=words(
            "Các bản ghi có cùng registration, theo timestamp: mở bài học trước tiên, hoàn thành nhiều nhất "
            "một lần. Thường là: mở, học thêm, đạt hoặc chưa đạt, hoàn thành, rồi tạm dừng hoặc kết thúc; "
            "học tiếp thì lại mở. Học trên hai máy hoặc khi mất mạng, các lần mở có thể đan xen nhau. "
            "Bản ghi đã thu hồi vẫn được kể.",
            "The statements of a registration by timestamp: opened first, completed at most once. Usually: "
            "opened, progressed, passed or failed, completed, then left or ended; gone on with, it is opened "
            "again. On two devices, or without a network, openings may overlap. Statements that were taken "
            "back are among them.",
        ),
        sequence=["lesson-initialized", "before-and-after", "completed-once", "before-and-after"],
    ),
    pattern("before-and-after", zeroOrMore="anything"),
    pattern("anything", alternates=ANYTHING),
    pattern("completed-once", optional="lesson-completed"),
    pattern(
        "registration",
        label=words("Một lần học khóa học cmi5", "A registration in a cmi5 course"),
        definition=words(
            "Các bản ghi do hệ thống tạo trong một registration cmi5: mở, bỏ dở, miễn bài học, đạt yêu cầu. "
            "Bản ghi của chính bài học nằm xen giữa và theo quy định của cmi5.",
            "What the learning system says within a cmi5 registration: units opened, abandoned, waived; "
            "blocks and course satisfied. What the units say stands between, by the rules of cmi5.",
        ),
        oneOrMore="said-of-units",
    ),
    pattern("said-of-units", alternates=OF_UNITS),
    pattern(
        "lesson-at-once",
        label=words("Hoàn thành bài học, ghi một lần", "A completed lesson, told at once"),
        definition=words(
            "Lượt học chỉ có một bản ghi: đã hoàn thành (dữ liệu mẫu).",
            "An attempt of which only the completion is told (the demo city).",
        ),
        sequence=["lesson-completed"],
    ),
    pattern(
        "course",
        label=words("Hoàn thành khóa học", "A completed course"),
        definition=words("Một bản ghi, không có registration.", "One statement, without a registration."),
        sequence=["course-completed"],
    ),
    pattern(
        "withdrawal",
        label=words("Thu hồi bản ghi", "A statement taken back"),
        definition=words("Một bản ghi, không có registration.", "One statement, without a registration."),
        sequence=["taken-back"],
    ),
]
