#!/bin/sh
# What the tests need beside Python: PostgreSQL, Redis, Chromium. Root gets them from apt; everybody else, and a
# machine without apt, is told what is missing. On CI something missing is a failure, elsewhere its tests are skipped.
set -eu

postgres() { command -v pg_ctl >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1; }
redis() { command -v redis-server >/dev/null 2>&1; }
# Ubuntu's own chromium is a snap, which does not run in a container; there playwright brings one.
# Debian's headless shell is the same engine without the browser's own pages, and a third quicker.
browser() {  # not named as the command is: `command -v` would find the function
  command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ||
    [ -x "$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as s
with s() as p: print(p.chromium.executable_path)' 2>/dev/null)" ]
}

missing() {
  postgres || printf 'postgresql '
  redis || printf 'redis-server '
  browser || printf 'chromium '
}

install() {
  apt="apt-get -q -y -o DPkg::Lock::Timeout=600"
  export DEBIAN_FRONTEND=noninteractive
  $apt update
  for name in "$@"; do
    if [ "$name" = chromium ] && grep -qi '^ID=ubuntu' /etc/os-release; then
      .venv/bin/playwright install --with-deps chromium || true
    elif [ "$name" = chromium ]; then
      $apt install --no-install-recommends chromium-headless-shell ||
        $apt install --no-install-recommends chromium || true
    else
      $apt install --no-install-recommends "$name" || true
    fi
  done
}

wanted=$(missing)
[ -z "$wanted" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests: $wanted"
  # shellcheck disable=SC2086  # a list of words
  install $wanted
  wanted=$(missing)
  [ -z "$wanted" ] && exit 0
fi

echo "Not installed: $wanted" >&2
echo "Install with: sudo apt-get install $wanted" >&2
[ "${CI:-}" = true ] && exit 1
echo "The tests that need them are skipped." >&2
