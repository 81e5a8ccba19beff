"""Answers as SCORM writes them, in the form of xAPI (1.0.3 part 2, Appendix C), which SCORM 2004 has too."""

KINDS = frozenset(
    {
        "true-false",
        "choice",
        "fill-in",
        "long-fill-in",
        "matching",
        "performance",
        "sequencing",
        "likert",
        "numeric",
        "other",
    }
)
_INITIALS = {kind[0]: kind for kind in KINDS if kind not in {"long-fill-in", "other"}}
_TRUE, _FALSE = frozenset({"t", "true", "1"}), frozenset({"f", "false", "0"})
_BETWEEN, _WITHIN, _RANGE = "[,]", "[.]", "[:]"


def kind_of(written: str) -> str:
    """The type; also from its first letter, as older tools write it. What is unknown is `other`."""
    small = written.strip().lower().replace("_", "-")
    return small if small in KINDS else _INITIALS.get(small, "other")


def in_xapi(kind: str, text: str) -> str:
    """An answer of SCORM 1.2 with the delimiters of xAPI; one that has them already stays as it is."""
    if _BETWEEN in text or _WITHIN in text or _RANGE in text:
        return text
    if kind == "true-false":
        return truth(text)
    if kind in {"choice", "sequencing"}:
        return _BETWEEN.join(_parts(text))
    if kind == "matching":
        return _BETWEEN.join(part.replace(".", _WITHIN, 1) for part in _parts(text))
    if kind == "numeric":
        return text.strip().replace(":", _RANGE, 1)
    return text


def truth(text: str) -> str:
    """`true` or `false`; what is neither stays as it is."""
    small = text.strip().lower()
    return "true" if small in _TRUE else "false" if small in _FALSE else text


def chosen(response: str) -> list[str]:
    """The parts of an answer in xAPI's form, in their order."""
    return [part for part in response.split(_BETWEEN) if part]


def _parts(text: str) -> list[str]:
    """Split at commas, in braces or not; a sentence with a comma in it is one answer and not two."""
    inside = text.strip().removeprefix("{").removesuffix("}")
    parts = [part.strip() for part in inside.split(",")]
    return [inside] if any(" " in part for part in parts) else [part for part in parts if part]
