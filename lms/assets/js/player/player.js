// The player page: send what waited, ask for the state, open the lesson, and bring the learner home.
import { onLeft } from "../offline/left.js";
import { startKeeping } from "../offline/playing.js";
import { Clock } from "./clock.js";
import { Journey } from "./journey.js";
import { watchTime } from "./limit.js";
import { Queue } from "./queue.js";
import { Scorm12 } from "./scorm12.js";
import { Scorm2004 } from "./scorm2004.js";
import { Screen } from "./screen.js";

const GOODBYE = 3_000; // for the package to say goodbye
const SAVING = 8_000; // before the learner is asked to decide
const AGAIN = 2_000;
const ENDED = 2_000; // until a lesson that has ended is taken not to begin again
const LOOKED = 20; // seconds after which a lesson that says nothing is no slow one

const config = JSON.parse(document.getElementById("player").textContent);
const screen = new Screen(closesItself);
const clock = new Clock();
const queue = new Queue({ ...config, url: config.commit });
const isAsset = config.kind === "asset";
const RunTime = config.standard === "scorm2004" ? Scorm2004 : Scorm12;
let runtime = null;
let journey = null;
let gone = false;
let ending = null;

async function state() {
  for (;;) {
    try {
      const response = await fetch(config.state, { cache: "no-store" });
      if (response.ok) return await response.json();
      if (response.status < 500) {
        screen.panel("expired");
        return null;
      }
    } catch {
      screen.show("waiting");
    }
    await new Promise((resolve) => { setTimeout(resolve, AGAIN); });
  }
}

// Whether the package has its start page; without a network nobody can tell.
async function found() {
  if (new URL(config.content, location.href).origin !== location.origin) return true;
  try {
    return (await fetch(config.content, { method: "HEAD" })).status !== 404;
  } catch {
    return true;
  }
}

async function open() {
  await queue.drainEarlier();
  const begins = queue.stopped ? null : await state();
  if (begins === null) return;
  screen.show("saved");
  if (!(await found())) {
    screen.panel("missing");
    return;
  }
  if (!isAsset || begins.course) runtime = new RunTime(begins, queue, clock, finished);
  if (begins.course && !start(begins.course)) return;
  runtime?.renew(() => !gone, again);
  if (isAsset) screen.frame.addEventListener("load", viewed, { once: true });
  watchTime({ seconds: config.secondsLeft, action: config.timeLimitAction }, clock, timeOver);
  screen.open(config.content);
}

// The lesson had ended, and another page of it begins again, or the same one once more.
function again() {
  clearTimeout(ending);
  screen.ended(false);
  journey?.follow();
}

// As its exit button does in other places, where it has a window of its own.
function closesItself() {
  if (!gone && runtime && !runtime.silent) setTimeout(() => leave(home));
}

// Whether sequencing opens the lesson of this page; it may want another one first.
function start(course) {
  journey = new Journey(runtime, config, screen);
  const { lesson } = runtime.sequence;
  if (lesson === course.activity) return true;
  if (lesson) journey.move(lesson);
  else screen.panel("closed");
  return false;
}

// The package has ended, and may have asked for what comes next.
function finished(outcome) {
  journey?.refresh();
  if (!gone && outcome && (outcome.lesson || outcome.left || outcome.over)) setTimeout(() => leave(() => follow(outcome)));
  else if (!gone && outcome?.refused) screen.panel("unfinished");
  else ending = setTimeout(() => screen.ended(true), ENDED);
}

const home = () => location.replace(config.result);

// Where sequencing leads: to a lesson, out of the course, or nowhere as long as this one is not done.
function follow(outcome) {
  if (outcome?.lesson) journey.move(outcome.lesson);
  else if (!outcome) home();
  else if (outcome.over || outcome.left) {
    journey.tell();
    home();
  } else screen.panel("unfinished");
}

// A page without run-time is completed by being seen.
const viewed = (end = null) => queue.put({ end, visible: clock.seconds, cmi: null, ...(end && journey ? { course: runtime.sequence.place() } : {}) });

// `ask` says where to, once the lesson has said goodbye and not asked for something itself.
async function close(ask = null) {
  if (gone) return null;
  gone = true;
  runtime?.sequence?.listen();
  await screen.close(GOODBYE);
  let outcome = runtime?.sequence?.outcome ?? null;
  if (ask && !outcome?.lesson && !outcome?.left) outcome = journey.ask(ask);
  if (isAsset) viewed("leave");
  else runtime?.leave();
  return outcome;
}

// Closes the lesson, waits until it is saved, and only then goes on.
async function leave(onwards, ask = null) {
  screen.busy(true);
  screen.panel(null);
  const outcome = await close(ask);
  queue.release();
  const saved = await queue.flushed(SAVING);
  screen.busy(false);
  if (queue.stopped) return;
  if (saved) onwards(outcome);
  else {
    screen.retry = () => leave(() => onwards(outcome));
    screen.panel("offline");
  }
}

function timeOver({ ends, tells }) {
  if (ends && !tells) leave(home);
  else screen.panel(ends ? "time-out" : "time");
}

screen.leaveButton.addEventListener("click", () => {
  const isSilent = runtime && !isAsset && runtime.silent && clock.seconds >= LOOKED;
  if (isSilent) screen.panel("silent");
  else leave(home);
});
document.getElementById("retry").addEventListener("click", () => screen.retry());
for (const button of document.querySelectorAll("#here, [data-again]")) button.addEventListener("click", () => location.reload());
for (const button of document.querySelectorAll("[data-home]")) button.addEventListener("click", () => leave(home));
for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", () => screen.panel(null));
for (const button of document.querySelectorAll("[data-request]")) {
  const { request } = button.dataset;
  button.addEventListener("click", () => journey?.press(request, () => leave(follow, request)));
}
for (const form of document.querySelectorAll(".player-go")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave(() => form.submit());
  });
}

queue.addEventListener("state", ({ detail }) => {
  screen.show(detail, queue.loose);
  if (detail === "saved" && screen.isOffline) screen.retry();
  if (detail === "key") screen.panel("expired");
  if (detail === "superseded") {
    screen.panel("elsewhere");
    close();
  }
});

// A phone may never let us say goodbye, so the last moment in which it surely does is when it looks away.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  runtime?.commit();
  queue.release();
});
globalThis.close = () => screen.popups.closing(); // which lessons call as `top.close()`
addEventListener("pagehide", () => {
  queue.goingAway = true;
  if (isAsset && !gone) viewed();
  screen.popups.close();
  runtime?.commit();
  queue.goodbye();
});
// The last chance where there is no room to keep anything.
addEventListener("beforeunload", (event) => { if (queue.loose && queue.pending && !queue.stopped) event.preventDefault(); });
// A page that the browser kept has already said goodbye.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// Whoever learned here has left this device, in another tab.
onLeft(() => {
  runtime?.commit();
  close();
  screen.panel("expired");
});

open();
startKeeping(config);
