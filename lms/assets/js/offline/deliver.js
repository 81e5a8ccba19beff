// The page that sends what waits on this origin: in a frame of the application's pages, or on its own and back again.
import { deliverAll } from "./delivering.js";
import { forgetKept, renewKept } from "./kept.js";
import { forgetEverything, tellLeft } from "./left.js";
import { deliverUnits } from "../cmi5/sending.js";
import { Store, allWaiting } from "../player/store.js";

const application = document.body.dataset.application;
const asked = read();

function read() {
  try {
    return JSON.parse(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return {};
  }
}

// In a frame on another site's page, browsers show another storage than the lessons use: then nothing is known.
function sees() {
  try {
    return localStorage.getItem("lesson-here") !== null || window === window.top;
  } catch {
    return window === window.top;
  }
}

const used = new Set();

function arrived({ session, attempt, item }) {
  new Store(attempt).remove(session, item.seq);
  used.add(item.session);
}

async function work() {
  if (asked.forget === "all") tellLeft();
  const lessons = await deliverAll(await allWaiting(), asked.deliveries, arrived);
  const units = await deliverUnits();
  if (asked.forget === "all") await forgetEverything();
  else if (asked.forget) await forgetKept(asked.forget);
  else await renewKept(used);
  return lessons + units.left;
}

function report(left) {
  const answer = { origin: location.origin, left, sees: sees() };
  if (window !== window.top) parent.postMessage({ delivered: answer }, application);
  else if (/^\/(?!\/)/.test(asked.back ?? "")) {
    location.replace(`${application}${asked.back}#delivered=${encodeURIComponent(JSON.stringify(answer))}`);
  } else location.replace(application);
}

work().catch(() => 1).then(report);
