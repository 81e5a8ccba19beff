// What the application's origin remembers of this device: where lessons were opened, of which something may still wait
// to be sent, and which lessons are saved. Both are lists in localStorage; without it there is neither.
const OPENED = "lessons-opened"; // {origin: {sessions, since, tried, clean, forget}}
const WHOSE = "lessons-of"; // the account that learned here last
const SAVED = "lessons-saved"; // [{session, title, origin, page, bytes, expires}]
const NEW = "lessons-new"; // sessions that were saved, of which the server has not told yet what they are

function read(name, nothing) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? nothing;
  } catch {
    return nothing;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Full or forbidden.
  }
}

export const opened = () => read(OPENED, null);
export const keepOpened = (list) => write(OPENED, list);
export const savedLessons = () => read(SAVED, []);
export const keepSaved = (list) => write(SAVED, list);
export const newLessons = () => read(NEW, []);
export const keepNew = (list) => write(NEW, list);

// Stands for the session of a saved lesson, which is another one each time.
export const KEPT_SESSION = "kept";

// A session was opened on an origin: something of it may wait there from now on.
export function noteOpened(list, origin, session) {
  const before = list[origin]?.sessions ?? [];
  list[origin] = { ...list[origin], sessions: [...new Set([...before, session])].slice(-10), since: Date.now(), clean: false, tried: 0 };
}

// On a phone that others use too, nothing of whoever leaves is left: not in the list, and, once their origins were
// visited, not there. What waits there is sent on the same visit.
export function forgetAll() {
  const list = opened() ?? {};
  for (const { origin } of savedLessons()) list[origin] ??= { sessions: [], since: Date.now() };
  for (const entry of Object.values(list)) Object.assign(entry, { forget: true, clean: false, tried: 0 });
  keepOpened(list);
  keepSaved([]);
  keepNew([]);
  write(WHOSE, "");
}

// Somebody signed in, maybe without anybody having signed out before.
export function noteWho(account) {
  const before = read(WHOSE, "");
  if (before && before !== account) forgetAll();
  write(WHOSE, account);
}
