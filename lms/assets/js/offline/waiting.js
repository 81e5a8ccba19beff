// Delivers what waits on the origins on which lessons were opened, without opening a lesson: in hidden frames, and
// where browsers show frames another storage (the origin is another site's), by going there and coming back.
import { KEPT_SESSION, forgetAll, keepOpened, noteOpened, noteWho, opened } from "./list.js";

const SECURE = location.protocol === "https:";
const COOKIE = SECURE ? "__Host-lesson-opened" : "lesson-opened";
const NOTICE = "notice";
const PATIENCE = 15_000; // for a frame to answer
const HOUR = 3_600_000;
const OPEN_FOR = 12 * HOUR; // a page may be open for so long, and leave something behind at its end
const FRAMES = 6; // at once

// Whoever has tapped something is on the way to it, and is not led elsewhere.
let isOnTheWay = false;

export async function startDelivering() {
  addEventListener("submit", () => { isOnTheWay = true; });
  addEventListener("click", ({ target }) => { isOnTheWay ||= Boolean(target.closest?.("a[href]")); });
  for (const form of document.querySelectorAll("form[data-leaves]")) form.addEventListener("submit", forgetAll);
  const account = document.querySelector("[data-account]");
  if (account) noteWho(account.dataset.account);
  showNotice();
  change(noteLaunch);
  change(noteReturn);
  const isFirst = opened() !== null && !localStorage.getItem("lessons-moved");
  if (!navigator.onLine) return;
  const deliveries = await askServer(isFirst);
  if (!deliveries) return;
  await Promise.all(Object.keys(opened() ?? {}).slice(0, FRAMES).map((origin) => tryInFrame(origin, deliveries)));
  if (!document.hidden) goThere(deliveries);
  else document.addEventListener("visibilitychange", () => goThere(deliveries), { once: true });
}

// Other tabs write the list too, so it is never held for longer than this.
function change(work) {
  const list = opened() ?? {};
  work(list);
  keepOpened(list);
}

// The launch told in a cookie where the lesson went.
function noteLaunch(list) {
  const found = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(document.cookie);
  if (!found) return;
  const [origin, session] = decodeURIComponent(found[1]).split(" ");
  noteOpened(list, origin, session);
  document.cookie = `${COOKIE}=; Max-Age=0; Path=/${SECURE ? "; Secure" : ""}`;
}

// Back from an origin that was visited on its own.
function noteReturn(list) {
  const found = /^#delivered=(.+)$/.exec(location.hash);
  if (!found) return;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    note(list, JSON.parse(decodeURIComponent(found[1])));
  } catch {
    // Not from us.
  }
}

function note(list, { origin, left, sees }) {
  const entry = list[origin];
  if (!entry || !sees) return;
  entry.tried = Date.now();
  entry.clean = left === 0;
  if (entry.clean) {
    delete entry.forget;
    entry.sessions = entry.sessions.filter((session) => session !== KEPT_SESSION);
    if (Date.now() - entry.since > OPEN_FOR || !entry.sessions.length) delete list[origin];
  }
}

// Sessions that have ended have nothing left that counts. The origin of all lessons from before they had origins of
// their own is visited once by each browser that knew it.
async function askServer(isFirst) {
  const list = opened() ?? {};
  const sessions = Object.values(list).flatMap((entry) => entry.sessions);
  if (!sessions.length && !isFirst && !Object.keys(list).length) return null;
  try {
    const origins = Object.keys(list).map((origin) => ["origin", origin]);
    const asked = new URLSearchParams([...sessions.map((session) => ["session", session]), ...origins]);
    const response = await fetch(`/learn/waiting?${asked}`, { headers: { Accept: "application/json" } });
    if (!response.ok) return null;
    const { ended, deliveries, former, strange } = await response.json();
    change((now) => {
      for (const origin of strange) delete now[origin];
      if (isFirst) noteFormer(now, former, deliveries);
      noteEnded(now, ended);
    });
    return deliveries;
  } catch {
    return null;
  }
}

function noteEnded(list, ended) {
  for (const [origin, entry] of Object.entries(list)) {
    entry.sessions = entry.sessions.filter((session) => !ended.includes(session));
    if (!entry.sessions.length && !entry.forget && !entry.former) delete list[origin];
  }
}

function noteFormer(list, former, deliveries) {
  localStorage.setItem("lessons-moved", "1");
  if (former && Object.keys(deliveries).length) list[former] ??= { sessions: [], since: 0, former: true };
}

function request(entry, deliveries) {
  const asked = { deliveries, back: location.pathname + location.search };
  if (entry.forget) asked.forget = "all";
  return encodeURIComponent(JSON.stringify(asked));
}

function tryInFrame(origin, deliveries) {
  return new Promise((resolve) => {
    const frame = document.createElement("iframe");
    const end = () => {
      clearTimeout(timer);
      removeEventListener("message", heard);
      frame.remove();
      resolve();
    };
    const heard = (event) => {
      if (event.source !== frame.contentWindow || event.origin !== origin || !event.data.delivered) return;
      change((list) => note(list, { ...event.data.delivered, origin }));
      end();
    };
    const timer = setTimeout(end, PATIENCE);
    addEventListener("message", heard);
    frame.hidden = true;
    frame.title = "";
    frame.src = `${origin}/deliver/#${request(opened()?.[origin] ?? {}, deliveries)}`;
    document.body.append(frame);
  });
}

// One at a time, and none again within an hour that had nothing.
function goThere(deliveries) {
  const list = opened() ?? {};
  const wants = ([, entry]) => Date.now() - (entry.tried ?? 0) > (entry.clean ? HOUR : 60_000);
  const next = Object.entries(list).find(wants);
  if (!next || document.hidden || isOnTheWay || document.querySelector("form [type=password]")) return;
  const [origin, entry] = next;
  entry.tried = Date.now();
  keepOpened(list);
  keepNotice();
  location.replace(`${origin}/deliver/#${request(entry, deliveries)}`);
}

// What the page had to say (“You are signed out”) is there again after the way there and back.
function keepNotice() {
  const notice = document.querySelector(".govuk-notification-banner");
  if (notice) sessionStorage.setItem(NOTICE, notice.outerHTML);
}

function showNotice() {
  const notice = sessionStorage.getItem(NOTICE);
  sessionStorage.removeItem(NOTICE);
  if (notice) document.querySelector("main")?.insertAdjacentHTML("afterbegin", notice);
}
