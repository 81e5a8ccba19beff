"""The profile as others read it: JSON-LD (xAPI Profiles part 2, 6.0)."""

from lms.core.vocabulary.iris import PROFILE, VERSION, VOIDED
from lms.core.vocabulary.patterns import PATTERNS
from lms.core.vocabulary.shapes import Json, concept, words
from lms.core.vocabulary.templates import TEMPLATES

CONTEXT = "https://w3id.org/xapi/profiles/context"
CONFORMS_TO = "https://w3id.org/xapi/profiles#1.0"
MIMETYPE = "application/ld+json"
LONGEST_REASON = 1000

# The newest first. One that follows another says so: "wasRevisionOf": [the other's id] (6.1).
VERSIONS = [{"id": VERSION, "generatedAtTime": "2026-11-21T00:00:00Z"}]

CONCEPTS = [
    concept(
        "ContextExtension",
        "reason",
        words("Lý do thu hồi", "Reason for taking back"),
        words(
            "Vì sao bản ghi được thu hồi, do người thu hồi viết. Dùng trong bản ghi có động từ voided.",
            "Why a statement was taken back, in the words of whoever did it. In voiding statements.",
        ),
        recommendedVerbs=[VOIDED],
        inlineSchema=f'{{"type": "string", "minLength": 1, "maxLength": {LONGEST_REASON}}}',
    )
]


def profile(address: str) -> Json:
    """The whole document; `address` is where this installation serves it, the only part that is its own."""
    return {
        "@context": CONTEXT,
        "id": PROFILE,
        "type": "Profile",
        "conformsTo": CONFORMS_TO,
        "prefLabel": words(
            "Bình dân học vụ số: học và ghi nhận", "Bình dân học vụ số: learning and its record"
        ),
        "definition": words(
            "Các bản ghi do hệ thống bài học Bình dân học vụ số tạo ra: lượt học, hoàn thành khóa học, "
            "thu hồi.",
            "The statements made by the learning system Bình dân học vụ số: attempts at lessons, completed "
            "courses, statements taken back.",
        ),
        "seeAlso": address,
        "versions": VERSIONS,
        "author": {"type": "Organization", "name": "Bình dân học vụ số"},
        "concepts": CONCEPTS,
        "templates": TEMPLATES,
        "patterns": PATTERNS,
    }
