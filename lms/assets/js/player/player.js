// The player page: send what waited, ask for the state, open the lesson, and bring the learner home.
import { Clock } from "./clock.js";
import { Queue } from "./queue.js";
import { Runtime } from "./runtime.js";
import { Screen } from "./screen.js";

const GOODBYE = 3_000; // for the package to say goodbye
const SAVING = 8_000; // before the learner is asked to decide
const AGAIN = 2_000;

const config = JSON.parse(document.getElementById("player").textContent);
const screen = new Screen();
const clock = new Clock();
const queue = new Queue({ attempt: config.attempt, session: config.session, url: config.commit });
const isAsset = config.kind === "asset";
let runtime = null;
let gone = false;

async function state() {
  for (;;) {
    try {
      const response = await fetch(config.state, { cache: "no-store" });
      if (response.ok) return (await response.json()).cmi;
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

async function open() {
  await queue.drainEarlier();
  const cmi = queue.stopped ? null : await state();
  if (cmi === null) return;
  screen.show("saved");
  if (isAsset) screen.frame.addEventListener("load", viewed, { once: true });
  else runtime = new Runtime(cmi, queue, clock, () => screen.ended());
  screen.open(config.content);
}

// A page without run-time is completed by being seen.
const viewed = () => queue.put({ end: null, visible: clock.seconds, cmi: null });

async function close() {
  if (gone) return;
  gone = true;
  await screen.close(GOODBYE);
  if (isAsset) queue.put({ end: "leave", visible: clock.seconds, cmi: null });
  else runtime?.leave();
}

// Closes the lesson, waits until it is saved, and only then goes on.
async function leave(onwards) {
  screen.busy(true);
  screen.panel(null);
  await close();
  queue.drain();
  const saved = await queue.flushed(SAVING);
  screen.busy(false);
  if (queue.stopped) return;
  if (saved) onwards();
  else screen.panel("offline");
}

const home = () => location.replace(config.result);

screen.leaveButton.addEventListener("click", () => leave(home));
document.getElementById("retry").addEventListener("click", () => leave(home));
document.getElementById("here").addEventListener("click", () => location.reload());
for (const form of document.querySelectorAll(".player-go")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave(() => form.submit());
  });
}

queue.addEventListener("state", ({ detail }) => {
  screen.show(detail);
  if (detail === "key") screen.panel("expired");
  if (detail === "superseded") {
    screen.panel("elsewhere");
    close();
  }
});

// A phone may never let us say goodbye, so the last moment in which it surely does is when it looks away.
document.addEventListener("visibilitychange", () => { if (document.hidden) runtime?.commit(); });
addEventListener("pagehide", () => {
  queue.goingAway = true;
  if (isAsset && !gone) viewed();
  runtime?.commit();
  queue.goodbye();
});
// A page that the browser kept has already said goodbye.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

open();
