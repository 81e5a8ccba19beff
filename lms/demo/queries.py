"""The accounts of the demo city, and where their password is kept."""

import os
from dataclasses import dataclass
from pathlib import Path

from lms.accounts.models import Role
from lms.accounts.passwords import new_code
from lms.demo.roster import CHU_VAN_AN, DAI_SON, citizen_code, officer_code
from lms.settings import Settings

FILE = "demo-sign-ins.txt"
CITY = "31"
VILLAGE = f"{CHU_VAN_AN}-TDP01"


@dataclass(frozen=True)
class SignIn:
    """How to sign in as somebody of the demo city; `who` is Vietnamese."""

    username: str
    password: str
    who: str


@dataclass(frozen=True)
class Cast:
    """Somebody to sign in as: `person` is a code, none for an account of an office; a role on a unit."""

    username: str
    who: str
    person: str | None = None
    role: Role | None = None
    unit: str | None = None

    @property
    def office(self) -> str:
        """What an account of no person is called."""
        return self.who[:1].upper() + self.who[1:].partition(",")[0]


# The last officer of Chu Văn An has everything still to do: with her course the commune comes to 57/57.
UNFINISHED = officer_code(CHU_VAN_AN, 57)
CAST = (
    Cast("canbo", "cán bộ phường Chu Văn An, còn một khóa học bắt buộc", UNFINISHED),
    Cast("quanly", "người quản lý phường Chu Văn An", officer_code(CHU_VAN_AN, 3), Role.MANAGER, CHU_VAN_AN),
    Cast("quanly.daison", "người quản lý xã Đại Sơn", officer_code(DAI_SON, 3), Role.MANAGER, DAI_SON),
    Cast("sokhcn", "Sở Khoa học và Công nghệ, xem số liệu toàn thành phố", None, Role.REPORTER, CITY),
    Cast("nguoidan", "người dân Tổ dân phố số 1", citizen_code(VILLAGE, 1)),
    Cast(
        "tocongnghe",
        "thành viên Tổ công nghệ số cộng đồng",
        citizen_code(VILLAGE, 2),
        Role.FACILITATOR,
        VILLAGE,
    ),
    Cast("quantri", "quản trị viên thành phố", None, Role.ADMINISTRATOR, CITY),
)


def kept_password(settings: Settings) -> tuple[str, bool]:
    """The password of all demo accounts of this installation, and whether it was made just now."""
    found = sign_ins(settings)
    if found:
        return found[0].password, False
    password = new_code().lower()
    lines = [f"{cast.username}\t{password}\t{cast.who}\n" for cast in CAST]
    draft = _file(settings).with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as new:
        new.writelines(lines)
    draft.replace(_file(settings))
    return password, True


def sign_ins(settings: Settings) -> list[SignIn] | None:
    """What `lms demo load` wrote; None where no demo city was loaded."""
    try:
        lines = _file(settings).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    return [SignIn(*parts) for line in lines if len(parts := line.split("\t")) == 3]  # noqa: PLR2004


def _file(settings: Settings) -> Path:
    return settings.data / FILE
