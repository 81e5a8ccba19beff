"""Every page of the demo city: who looks at it, and where. Used for pictures and for axe."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """A page as somebody sees it; `person` is a demo user name, none for a visitor."""

    name: str
    path: str
    person: str | None = None


CITIZEN, OFFICER, MANAGER, DEPARTMENT, ADMINISTRATOR = "nguoidan", "canbo", "quanly", "sokhcn", "quantri"
COURSE = "nhan-dien-lua-dao"
ASKED = f"course={COURSE}&unit=10549&audience=officer"

PAGES = (
    Seen("front", "/"),
    Seen("lessons", "/lessons"),
    Seen("course", f"/courses/{COURSE}"),
    Seen("sign-in", "/sign-in"),
    Seen("first-sign-in", "/first-sign-in"),
    Seen("code-wrong", "/first-sign-in/AAAAA-AAAAA"),
    Seen("privacy", "/privacy"),
    Seen("help", "/help"),
    Seen("saved", "/saved"),
    Seen("not-found", "/no-such-page"),
    Seen("front-citizen", "/", CITIZEN),
    Seen("lessons-citizen", "/lessons", CITIZEN),
    Seen("front-officer", "/", OFFICER),
    Seen("lessons-officer", "/lessons", OFFICER),
    Seen("course-officer", f"/courses/{COURSE}", OFFICER),
    Seen("account", "/account", OFFICER),
    Seen("my-attempts", "/my-attempts", OFFICER),
    Seen("my-attempts-nobody", "/my-attempts"),
    Seen("forbidden", "/people/", OFFICER),
    Seen("front-manager", "/", MANAGER),
    Seen("rates", "/rates", MANAGER),
    Seen("rates-course", f"/rates?{ASKED}", MANAGER),
    Seen("rates-wrong-date", f"/rates?{ASKED}&as_of=32/13/2026", MANAGER),
    Seen("rates-out-of-scope", f"/rates?course={COURSE}&unit=10660", MANAGER),
    Seen("explain", f"/rates/explain?{ASKED}", MANAGER),
    Seen("missing", f"/rates/missing?{ASKED}", MANAGER),
    Seen("people", "/people/", MANAGER),
    Seen("people-nobody", "/people/?q=zzzz", MANAGER),
    Seen("people-import", "/people/imports/", MANAGER),
    Seen("slips", "/people/slips/", MANAGER),
    Seen("duplicates", "/people/duplicates/", MANAGER),
    Seen("doubts", "/support/doubts", MANAGER),
    Seen("assignments", "/assignments", MANAGER),
    Seen("assignment-new", "/assignments/new", MANAGER),
    Seen("tasks", "/jobs/", MANAGER),
    Seen("front-department", "/", DEPARTMENT),
    Seen("rates-city", f"/rates?course={COURSE}&audience=officer", DEPARTMENT),
    Seen("rates-units", f"/rates/units?course={COURSE}&audience=officer", DEPARTMENT),
    Seen("units", "/units/", DEPARTMENT),
    Seen("front-administrator", "/", ADMINISTRATOR),
    Seen("units-import", "/units/imports/", ADMINISTRATOR),
    Seen("unmatched", "/people/unmatched/", ADMINISTRATOR),
    Seen("unmatched-nobody", "/people/unmatched/?q=zzzz", ADMINISTRATOR),
    Seen("courses", "/manage/courses/", ADMINISTRATOR),
    Seen("course-report", f"/manage/courses/{COURSE}", ADMINISTRATOR),
    Seen("questions", f"/manage/courses/{COURSE}/questions/", ADMINISTRATOR),
    Seen("course-upload", "/manage/courses/upload", ADMINISTRATOR),
    Seen("courses-archived", "/manage/courses/?state=archived", ADMINISTRATOR),
    Seen("course-versions", f"/manage/courses/{COURSE}/versions/", ADMINISTRATOR),
    Seen("course-version", f"/manage/courses/{COURSE}/versions/1", ADMINISTRATOR),
    Seen("course-archive", f"/manage/courses/{COURSE}/archive", ADMINISTRATOR),
    Seen("flow", "/flow/", ADMINISTRATOR),
    Seen("flow-source-new", "/flow/sources/new", ADMINISTRATOR),
    Seen("flow-destination-new", "/flow/destinations/new", ADMINISTRATOR),
    Seen("flow-gone", "/flow/999", ADMINISTRATOR),
    Seen("clients", "/clients/", ADMINISTRATOR),
    Seen("client-new", "/clients/new", ADMINISTRATOR),
    Seen("record", "/record/", ADMINISTRATOR),
    Seen("record-wrong", "/record/?since=soon&agent={&registration=1", ADMINISTRATOR),
    Seen("record-nothing", "/record/?verb=http://a.vn/none&unmatched=yes", ADMINISTRATOR),
    Seen("record-namesakes", "/record/?person=Nguyễn", ADMINISTRATOR),
)
