"""The IRIs that our statements are made of.

Words of others are used as they are: a profile may not define again what another one defines (xAPI Profiles
part 2, 7.0). Our own hang on the profile's IRI, which is the same on every installation and belongs to no
host (docs/decisions/0017-names-of-our-vocabulary.md).
"""

from tracking.statements.validation.statements import VOIDED

__all__ = ["VOIDED"]

PROFILE = "urn:uuid:57ff7462-e1da-4df1-b392-8e230b15cb68"
# What marks a statement as following the profile (part 2, 5.0). Statements carry it for ever: a version that
# was released is never changed, another one is added to `document.VERSIONS`.
VERSION = "urn:uuid:6f877a24-ca73-416d-9bbc-5d5cb46d68c5"

# ADL's vocabulary
ANSWERED = "http://adlnet.gov/expapi/verbs/answered"
INITIALIZED = "http://adlnet.gov/expapi/verbs/initialized"
PROGRESSED = "http://adlnet.gov/expapi/verbs/progressed"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
PASSED = "http://adlnet.gov/expapi/verbs/passed"
FAILED = "http://adlnet.gov/expapi/verbs/failed"
SUSPENDED = "http://adlnet.gov/expapi/verbs/suspended"
TERMINATED = "http://adlnet.gov/expapi/verbs/terminated"
COURSE = "http://adlnet.gov/expapi/activities/course"
LESSON = "http://adlnet.gov/expapi/activities/lesson"
INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction"

# cmi5's
PROGRESS = "https://w3id.org/xapi/cmi5/result/extensions/progress"
LAUNCHED = "http://adlnet.gov/expapi/verbs/launched"
ABANDONED = "https://w3id.org/xapi/adl/verbs/abandoned"
WAIVED = "https://w3id.org/xapi/adl/verbs/waived"
SATISFIED = "https://w3id.org/xapi/adl/verbs/satisfied"
CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
MOVE_ON_CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/moveon"
SESSION_ID = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MASTERY_SCORE = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
LAUNCH_MODE = "https://w3id.org/xapi/cmi5/context/extensions/launchmode"
LAUNCH_URL = "https://w3id.org/xapi/cmi5/context/extensions/launchurl"
MOVE_ON = "https://w3id.org/xapi/cmi5/context/extensions/moveon"
LAUNCH_PARAMETERS = "https://w3id.org/xapi/cmi5/context/extensions/launchparameters"
WHY_WAIVED = "https://w3id.org/xapi/cmi5/result/extensions/reason"
CMI5_BLOCK = "https://w3id.org/xapi/cmi5/activitytype/block"
CMI5_COURSE = "https://w3id.org/xapi/cmi5/activitytype/course"


def own(name: str) -> str:
    """The IRI of a concept, template or pattern of ours."""
    return f"{PROFILE}#{name}"


REASON = own("reason")
