"""What a learner's session may write into the profile of its learner: cmi5's preferences, and nothing else.

cmi5 specification, section 11. Whatever is not exactly that is forbidden (403), which units must not take for
a fault.
"""

import re

from lms.core.errors import Forbidden
from tracking.documents.merging import is_json
from tracking.statements.parsing import parse_json
from tracking.statements.validation import Invalid

NAME = "cmi5LearnerPreferences"
_TAG = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"
_LANGUAGES = re.compile(rf"{_TAG}( ?, ?{_TAG})*")
_AUDIO = ("on", "off")


def check_preferences(body: bytes, content_type: str) -> None:
    """Raises Forbidden for what are no preferences."""
    try:
        found = parse_json(body) if is_json(content_type) else None
    except Invalid:
        found = None
    if not isinstance(found, dict):
        raise Forbidden("The learner's preferences are a JSON object, sent as application/json (cmi5, 11).")
    languages = found.get("languagePreference")
    if not isinstance(languages, str) or not _LANGUAGES.fullmatch(languages):
        raise Forbidden(
            "languagePreference is a list of languages with commas, such as vi-VN,en (cmi5, 11.1)."
        )
    if found.get("audioPreference") not in _AUDIO:
        raise Forbidden("audioPreference is “on” or “off” (cmi5, 11.2).")
