// Somebody else may use this device from now on: nothing of whoever left stays on this origin but what could not be
// sent yet, which has no name in it. The packages' own files are everybody's.
import { PAGES } from "./cached.js";
import { NAME } from "./database.js";
import { forgetKept } from "./kept.js";
import { NAME as UNITS, forgetAllUnits } from "../cmi5/shelf.js";

const CHANNEL = "lessons";
const OURS = /^(lesson-queue\.|lesson-here$)/;

// Calls `then` in every player page of this origin that is open in another tab.
export function onLeft(then) {
  if ("BroadcastChannel" in globalThis) new BroadcastChannel(CHANNEL).addEventListener("message", then);
}

export function tellLeft() {
  if (!("BroadcastChannel" in globalThis)) return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage("left");
  channel.close();
}

export async function forgetEverything() {
  await forgetKept();
  await forgetAllUnits().catch(() => {});
  await caches.delete(PAGES);
  for (const name of Object.keys(localStorage)) if (!OURS.test(name)) localStorage.removeItem(name);
  sessionStorage.clear();
  for (const pair of document.cookie.split("; ")) document.cookie = `${pair.split("=")[0]}=; Max-Age=0; Path=/`;
  // What packages keep by themselves.
  for (const { name } of (await indexedDB.databases?.()) ?? []) if (![NAME, UNITS].includes(name)) indexedDB.deleteDatabase(name);
}
