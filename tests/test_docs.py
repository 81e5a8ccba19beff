"""The documents say everything there is, nothing that is not, and lead somewhere."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from courses.packaging import BuildItem, build
from lms.cli import lms
from lms.core import events
from lms.core.record import our_authority, store_statements
from lms.core.runtime import Runtime
from lms.settings import read_settings
from lms.xapi.models import Scope
from tests.factories import cmi5

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
MACHINE_PATHS = re.compile(r"(?<![\w.$}/-])/(?:work|root|home/\w+)/|/tmp/[a-z]+[0-9a-f]{6,}")
REGISTRY_HOSTS = re.compile(
    r"registry\.npmjs|pypi\.org/simple|files\.pythonhosted|proxy\.golang|artif[a]ctory"
)
CODE = re.compile(r"^```.*?^```|^    .*?$", re.MULTILINE | re.DOTALL)

# What the movement is spoken of with.
MOVEMENT = (
    "unit, person, learner, audience, membership, course, lesson, package, assignment, enrolment, "
    "registration, attempt, statement, activity, completion, success, rate, numerator, denominator, as of, "
    "exemption, evidence, period, submission, correction, contest, entry, standing, certificate, team, "
    "facilitator, session"
)


def text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands(group: click.Group, above: str = "lms") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        path = f"{above} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, path)
        else:
            yield path, command


COMMANDS = dict(commands(lms))


def sections() -> dict[str, str]:
    """What docs/commands.md says of each command."""
    parts = re.split(r"^### `(lms [a-z0-9 ]+)`$", text("commands.md"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as hosts of repositories make them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in found}


def test_every_setting_is_documented_and_no_other():
    names = set(re.findall(r'"(LMS_[A-Z_]+|PORT)"', (ROOT / "lms" / "settings.py").read_text()))
    told = set(re.findall(r"^\| `(LMS_[A-Z_]+|PORT)` \|", text("settings.md"), re.MULTILINE))
    assert "LMS_DATA" in names
    assert told == names


def test_no_setting_is_read_anywhere_else():
    read = re.compile(r"""environ(?:\.get\(|\[)["'](LMS_\w+)""")
    others = [path for path in (ROOT / "lms").rglob("*.py") if path.name != "settings.py"]
    assert not [path for path in others if read.search(path.read_text(encoding="utf-8"))]


def test_every_command_is_documented_and_no_other():
    assert set(sections()) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_told_and_every_one_told_exists(name: str):
    said = sections()[name]
    options = {
        opt for param in COMMANDS[name].params for opt in param.opts if isinstance(param, click.Option)
    }
    assert options - {"--help"} <= set(re.findall(r"--[a-z-]+", said))
    elsewhere = {option for command in COMMANDS.values() for param in command.params for option in param.opts}
    assert set(re.findall(r"--[a-z-]+", said)) <= elsewhere
    assert f"\n    {name}" in said, "an example"
    assert ("```json" in said) == ("--json" in options)


def test_every_event_room_and_table_is_in_the_architecture():
    told = text("architecture.md")
    tree = ast.parse(Path(events.__file__).read_text(encoding="utf-8"))
    declared = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    assert declared
    assert not [name for name in declared if f"`{name}`" not in told]
    tables = [
        name
        for models in ROOT.glob("*/**/*.py")
        if models.parts[len(ROOT.parts)] in ("lms", "tracking")
        for name in re.findall(r'__tablename__ = "(\w+)"', models.read_text(encoding="utf-8"))
    ]
    assert len(tables) > 20
    assert not [name for name in tables if f"`{name}`" not in told]


def test_every_room_of_every_floor_and_every_contract_is_in_the_architecture():
    told = text("architecture.md")
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(contract for contract in config["contracts"] if contract["id"] == "rooms")["layers"]
    rooms = {room for layer in layers for room in re.findall(r"\w+", layer)} - {"__main__"}
    rooms |= {
        folder.parent.name
        for floor in ("courses", "tracking")
        for folder in (ROOT / floor).glob("*/__init__.py")
    }
    assert not [room for room in rooms if f"| `{room}` |" not in told]
    assert not [contract["id"] for contract in config["contracts"] if f"| `{contract['id']}` |" not in told]


def test_every_word_that_a_room_owns_is_in_the_glossary():
    cells = re.findall(r"^\| ([^|]+?) \|", re.sub(r" ?\([^()]*\)", "", text("glossary.md")), re.MULTILINE)
    known = {word.strip().lower() for cell in cells for word in cell.split(",")}
    owned = set(MOVEMENT.split(", "))
    for room in (path for floor in ("lms", "tracking") for path in (ROOT / floor).rglob("__init__.py")):
        said = ast.get_docstring(ast.parse(room.read_text(encoding="utf-8"))) or ""
        words = re.search(
            r"^Words: (.*?)\.(?:\s|$)", re.sub(r"\([^()]*\)", "", said), re.DOTALL | re.MULTILINE
        )
        owned |= (
            {word.strip() for word in re.split(r",| and ", words[1].replace("\n", " "))} if words else set()
        )
    assert "slip" in owned
    assert not owned - known - {"none of its own"}


def test_tests_named_by_the_architecture_exist():
    named = re.findall(r"`(tests/[\w/]+\.py)`", text("architecture.md"))
    assert named
    assert not [name for name in named if not (ROOT / name).is_file()]


def test_every_make_target_is_documented():
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert "run" in targets
    assert not [target for target in targets if f"| `make {target}` |" not in text("contributing.md")]


def test_every_scope_of_clients_is_documented():
    assert not [scope for scope in Scope if f"`{scope}`" not in text("record-store.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_something(page: Path):
    for target in re.findall(r"\]\(([^)\s]+)\)", CODE.sub("", page.read_text(encoding="utf-8"))):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.is_file(), target
        assert not anchor or anchor in anchors(found), target


def test_every_document_can_be_found_from_the_readme():
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        waiting += [(page.parent / link).resolve() for link in links if not link.startswith("http")]
    unreached = set(PAGES) - reached
    assert not [page.name for page in unreached if page.parent.name != "decisions"]


def test_examples_in_python_can_be_read():
    blocks = [
        block
        for page in PAGES
        for block in re.findall(r"```python\n(.+?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    ]
    assert blocks
    for block in blocks:
        ast.parse(block)


def test_no_file_names_a_path_of_somebodys_machine_or_a_host_of_a_registry():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    faults = []
    for name in filter(None, listed.stdout.split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            if MACHINE_PATHS.search(line) or REGISTRY_HOSTS.search(line):
                faults.append(f"{name}:{number}")
    assert not faults


@pytest.mark.parametrize("line", ["cd /" + "work/main", "see /" + "root/x", "/" + "home/an/x"])
def test_paths_of_machines_are_found(line: str):
    assert MACHINE_PATHS.search(line)
    assert not MACHINE_PATHS.search(line.replace("/", "/srv/", 1))


Invoke = Callable[..., Any]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What every command that knows `--json` answers, on an installation of one ward."""
    folder = tmp_path_factory.mktemp("installation")
    environment = {
        "LMS_DATA": str(folder / "data"),
        "LMS_DATABASE_URL": "",
        "LMS_REDIS_URL": "",
        "PORT": "8000",
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        for name, value in environment.items():
            patched.setenv(name, value)
        return _answers(folder, _invoke)


def _invoke(*arguments: str, given: str | None = None, code: int = 0) -> Any:
    ran = CliRunner().invoke(lms, [*arguments, "--json"], input=given)
    assert ran.exit_code == code, (arguments, ran.output, ran.exception)
    return json.loads(ran.stdout)


def _answers(folder: Path, run: Invoke) -> dict[str, Any]:
    _write_files(folder)
    assert CliRunner().invoke(lms, ["db", "upgrade"]).exit_code == 0
    asked = ("--course", "one-touch", "--unit", "10549", "--audience", "officer")
    output = ("--output", "out.zip")
    return {
        "lms units import": run("units", "import", "units.csv"),
        "lms people import": run("people", "import", "people.csv", code=1),
        "lms people move": run("people", "move", "CVA-002", "--unit", "10549-01"),
        "lms accounts add": run(
            "accounts", "add", "an.nguyen", "--person", "CVA-001", "--role", "manager", "--unit", "10549",
            given="bốn con mèo nhỏ\n",
        ),
        "lms courses import": run("courses", "import", "course.zip", "--slug", "one-touch"),
        "lms courses library": run("courses", "library"),
        "lms courses list": run("courses", "list"),
        "lms courses export": run("courses", "export", "one-touch", "--format", "scorm12", *output),
        "lms assign": run("assign", "one-touch", "--unit", "10549", "--due", "2030-12-31"),
        "lms rates": run("rates", *asked, "--by", "unit"),
        "lms explain": run("explain", *asked),
        **_clients(run),
        **_identities(run),
        **_units(folder, run),
        "lms flow list": run("flow", "list"),
        "lms flow pull": run("flow", "pull"),
        "lms flow forward": run("flow", "forward"),
        "lms flow retry": run("flow", "retry", "--dead-letters"),
        "lms tracking rebuild": run("tracking", "rebuild", "--check"),
        "lms doctor": _doctor(),
        "lms backup": run("backup", "backup.tar.gz"),
        "lms restore": _restored(folder, run),
    }  # fmt: skip


def _clients(run: Invoke) -> dict[str, Any]:
    added = run("clients", "add", "One Touch", "--scope", "statements/write")
    return {
        "lms clients add": added,
        "lms clients rotate": run("clients", "rotate", added["key"]),
        "lms clients list": run("clients", "list"),
        "lms clients revoke": run("clients", "revoke", added["key"]),
    }


def _units(folder: Path, run: Invoke) -> dict[str, Any]:
    (folder / "units.zip").write_bytes(cmi5.course())
    run("courses", "import", "units.zip", "--slug", "essentials")
    opened = run("cmi5", "launch", "essentials", "--person", "CVA-001")
    reason = ("--reason", "Administrative")
    return {
        "lms cmi5 launch": opened,
        "lms cmi5 abandon": run("cmi5", "abandon", opened["session"]),
        "lms cmi5 waive": run("cmi5", "waive", "essentials", "--person", "CVA-001", *reason),
    }


def _identities(run: Invoke) -> dict[str, Any]:
    actor = {"account": {"homePage": "https://elsewhere.example", "name": "CVA-001"}}
    statement = {"actor": actor, "verb": {"id": "https://w3id.org/xapi/adl/verbs/satisfied"}}
    runtime = Runtime(read_settings())
    with runtime.database.transaction() as session:
        statement |= {"object": {"id": f"{runtime.settings.public_url}/courses/one-touch"}}
        authority = our_authority(runtime.settings.public_url)
        store_statements(session, [statement], settings=runtime.settings, authority=authority)
    runtime.close()
    unmatched = run("people", "unmatched")
    identifier = unmatched[0]["identifier"]
    return {
        "lms people unmatched": unmatched,
        "lms people link": run("people", "link", identifier, "CVA-001"),
        "lms people unlink": run("people", "unlink", identifier),
        "lms people merge": run("people", "merge", "CVA-002", "CVA-001"),
        "lms people unmerge": run("people", "unmerge", "CVA-002"),
    }


def _restored(folder: Path, run: Invoke) -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LMS_DATA", str(folder / "another"))
        return run("restore", "backup.tar.gz")


def _doctor() -> Any:
    """Whatever it finds: a full disk of the machine that tests is nothing to fail on here."""
    return json.loads(CliRunner().invoke(lms, ["doctor", "--json"]).stdout)


def _write_files(folder: Path) -> None:
    (folder / "units.csv").write_text(
        "code,name,kind,parent_code\n31,Hải Phòng,city,\n10549,Chu Văn An,commune,31\n"
        "10549-01,Tổ dân phố 1,village,10549\n"
    )
    (folder / "people.csv").write_text(
        "Mã,Họ và tên,Mã đơn vị,Đối tượng,Điện thoại,Từ ngày\n"
        "CVA-001,Nguyễn Văn An,10549,Cán bộ,,01/01/2026\n"
        "CVA-002,Trần Thị Bình,10549,Cán bộ,,01/01/2026\n"
        "CVA-003,Lê Văn Cường,10549,Cán bộ,091234,01/01/2026\n"
    )
    lesson = BuildItem(identifier="L1", title="One Touch", href="index.html")
    page = {"index.html": b"<!doctype html><title>One Touch</title><p>One Touch"}
    (folder / "course.zip").write_bytes(build(page, identifier="P", title="One Touch", lessons=[lesson]))


def alike(told: Any, real: Any) -> bool:
    """Whether two documents have the same keys; a list is as its first item, and an empty one as any."""
    if isinstance(told, dict) and isinstance(real, dict):
        return told.keys() == real.keys() and all(alike(told[key], real[key]) for key in told)
    if isinstance(told, list) and isinstance(real, list):
        return not told or not real or alike(told[0], real[0])
    return not isinstance(told, list | dict) and not isinstance(real, list | dict)


@pytest.mark.parametrize("name", [name for name, said in sections().items() if "```json" in said])
def test_the_answer_in_the_documents_has_the_keys_of_the_real_one(name: str, answers: dict[str, Any]):
    (example,) = re.findall(r"```json\n(.+?)```", sections()[name], re.DOTALL)
    assert alike(json.loads(example), answers[name]), answers[name]


def test_documents_with_different_keys_are_not_alike():
    assert not alike({"a": [{"b": 1}]}, {"a": [{"c": 1}]})
    assert not alike({"a": {}}, {"a": 1})
    assert alike({"a": [], "d": None}, {"a": [{"c": 1}], "d": 1})
