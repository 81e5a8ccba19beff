// The page of saved lessons: what this device has, with the room it takes, to be learned or removed.
import { KEPT_SESSION, keepNew, keepOpened, keepSaved, newLessons, noteOpened, opened, savedLessons } from "./list.js";

const place = document.querySelector("[data-saved-lessons]");
const list = place.querySelector("[data-list]");
const words = place.dataset;

const size = (bytes) => new Intl.NumberFormat(words.locale, { maximumFractionDigits: 1 }).format(Math.max(bytes / 1e6, 0.1));

function element(name, classes, text) {
  const made = document.createElement(name);
  made.className = classes;
  made.textContent = text;
  return made;
}

function card(lesson) {
  const made = element("li", "app-lesson", "");
  const learn = element("a", "govuk-button", words.learn);
  learn.href = lesson.origin + lesson.page;
  learn.addEventListener("click", () => begun(lesson));
  const remove = element("button", "govuk-button govuk-button--secondary", words.remove);
  remove.type = "button";
  remove.setAttribute("aria-label", `${words.remove}: ${lesson.title}`);
  remove.addEventListener("click", () => { if (confirm(`${lesson.title}\n${words.sure}`)) takeAway(lesson); });
  const buttons = element("div", "app-buttons", "");
  buttons.append(learn, remove);
  const room = words.room.replace("{size}", `${size(lesson.bytes)} MB`);
  made.append(element("h2", "govuk-heading-m", lesson.title), element("p", "app-quiet", room), buttons);
  return made;
}

function begun({ origin }) {
  const opening = opened() ?? {};
  noteOpened(opening, origin, KEPT_SESSION);
  keepOpened(opening);
}

function takeAway(lesson) {
  keepSaved(savedLessons().filter(({ page }) => page !== lesson.page));
  const asked = { forget: lesson.page, back: "/saved" };
  location.href = `${lesson.origin}/deliver/#${encodeURIComponent(JSON.stringify(asked))}`;
}

// Just saved: what the server says of it goes into the list, now or when the network is back.
async function noteNew() {
  const found = /^#kept=([\w-]+)$/.exec(location.hash);
  if (found) {
    history.replaceState(null, "", location.pathname);
    keepNew([...newLessons(), found[1]]);
  }
  for (const session of newLessons()) {
    const response = await fetch(`/saved/${session}`, { headers: { Accept: "application/json" } });
    if (response.status >= 500) return;
    keepNew(newLessons().filter((other) => other !== session));
    if (response.ok) add(await response.json(), session === found?.[1]);
  }
}

function add(lesson, isNew) {
  const others = savedLessons().filter(({ origin, title }) => origin !== lesson.origin || title !== lesson.title);
  keepSaved([lesson, ...others]);
  if (!isNew) return;
  const told = document.getElementById("just-saved");
  told.hidden = false;
  told.textContent = words.saved.replace("{title}", lesson.title);
}

function show() {
  const lessons = savedLessons();
  place.querySelector("[data-nothing]").hidden = lessons.length > 0;
  list.replaceChildren(...lessons.map(card));
  const alone = document.getElementById("no-network");
  alone.hidden = navigator.onLine;
  alone.querySelector("[data-something]").hidden = lessons.length === 0;
}

for (const sign of ["online", "offline"]) addEventListener(sign, show);
noteNew().catch(() => {}).then(show);
