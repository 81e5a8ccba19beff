#!/bin/sh
# Makes .venv, with pip inside. Needs a Python of 3.11 or later and nothing else: Debian and Ubuntu put the part of
# venv that brings pip into a package of its own, so where that is not installed pip is fetched by other ways.
set -eu

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
has_pip() { .venv/bin/python -m pip --version >/dev/null 2>&1; }

python=
for name in ${PYTHON3:-} python3 python3.14 python3.13 python3.12 python3.11; do
  if command -v "$name" >/dev/null 2>&1 && new_enough "$name"; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  echo "Python 3.11 or later was not found. Install it (on Debian or Ubuntu: sudo apt-get install python3) and try again." >&2
  exit 1
fi

"$python" -m venv .venv >/dev/null 2>&1 && has_pip && exit 0

rm -rf .venv
"$python" -m venv --without-pip .venv

# The pip of the system, if there is one, installs a pip into .venv.
"$python" -m pip --python .venv/bin/python install --quiet pip >/dev/null 2>&1 && has_pip && exit 0

# A pip that the distribution keeps as a file for other programs.
for wheel in /usr/share/python-wheels/pip-*.whl; do
  [ -f "$wheel" ] && .venv/bin/python "$wheel/pip" install --quiet --no-index "$wheel" >/dev/null 2>&1 && has_pip && exit 0
done

# The Python Packaging Authority's installer.
.venv/bin/python - <<'END' && has_pip && exit 0
import os, runpy, sys, tempfile, urllib.request
address = os.environ.get("GET_PIP", "https://bootstrap.pypa.io/get-pip.py")
try:
    text = urllib.request.urlopen(address, timeout=60).read()
except OSError as error:
    sys.exit(f"{address}: {error}")
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "get-pip.py")
    with open(path, "wb") as file:
        file.write(text)
    sys.argv = [path, "--quiet"]
    runpy.run_path(path, run_name="__main__")
END

rm -rf .venv
echo "This Python has no pip, and none could be fetched. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2
exit 1
