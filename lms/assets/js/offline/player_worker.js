// The service worker of a content origin: a lesson that was opened once goes on without a network, a lesson that was
// saved begins without one, and what waits is sent when the network is back.
import { entries } from "./database.js";
import { deliverFromHere } from "./delivering.js";
import { PAGES, alike, fill, forgetOthers, partOf, plain, seenCache } from "./cached.js";
import { goneOn } from "./going_on.js";
import { renewKept } from "./kept.js";
import { isUnitPage, unitPage } from "../cmi5/page.js";
import { deliverUnits } from "../cmi5/sending.js";
import { isOfUnits, speak } from "../cmi5/speaking.js";

const PATIENCE = 8_000; // for a network that is there and does not answer
const MOST_BY_ITSELF = 30 * 1024 * 1024; // bytes of a package that are loaded without being asked for

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("sync", (event) => {
  if (event.tag === "deliver") event.waitUntil(deliver());
});
// A frame that was on its way when this worker began was not claimed with the others; by now it is there.
addEventListener("message", (event) => {
  if (event.data.playing) event.waitUntil(loadRest(event.data).then(() => clients.claim()));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (isOfUnits(address)) event.respondWith(speak(event));
  if (request.method !== "GET" || isOfUnits(address)) return;
  if (isUnitPage(request, address)) event.respondWith(unitPage(event));
  else if (address.pathname.startsWith("/content/")) event.respondWith(file(event));
  else if (address.pathname.startsWith("/static/build/")) event.respondWith(file(event));
  else if (/^\/play\/[^/]+\/state$/.test(address.pathname)) event.respondWith(state(request));
  else if (/^\/(play\/[^/]+|deliver)\/$/.test(address.pathname)) event.respondWith(page(request));
});

async function deliver() {
  const used = new Set();
  const left = await deliverFromHere(({ item }) => used.add(item.session));
  const units = await deliverUnits();
  await renewKept(used);
  if (left || units.left) throw new Error("Something still waits"); // the browser tries again by itself
}

async function file(event) {
  const { request } = event;
  const held = await caches.match(plain(request.url), { ignoreVary: true });
  if (held) return asked(request, held);
  try {
    const response = await fetch(request);
    if (response.status === 200) event.waitUntil(remember(plain(request.url), response.clone()));
    return response;
  } catch (error) {
    const other = await alike(request.url, filesOf(request.url));
    if (!other) throw error;
    return asked(request, other);
  }
}

// What is held, or the part that was asked for. One without an address has that of the request, with its query: workers
// and pages look there.
function asked(request, held) {
  const range = request.headers.get("Range");
  if (range) return partOf(held, range);
  return held.url === request.url ? held : new Response(held.body, { status: held.status, headers: held.headers });
}

async function remember(address, response) {
  try {
    const cache = await caches.open(seenCache(filesOf(address)));
    await cache.put(address, response);
  } catch {
    // No room: it is loaded again when it is needed.
  }
}

const filesOf = (address) => new URL(address).pathname.split("/").slice(0, 3).join("/") + "/";

// A saved lesson begins where it was left, here or at the server, whichever of the two is known.
async function state(request) {
  try {
    return await quickly(request);
  } catch (error) {
    const held = await heldPage(request.url);
    if (!held) throw error;
    return Response.json(goneOn(await held.json(), await entries()));
  }
}

async function page(request) {
  try {
    const response = await quickly(request);
    if (response.status < 500) return response;
    return (await heldPage(request.url)) ?? response;
  } catch (error) {
    const held = await heldPage(request.url);
    if (!held) throw error;
    return held;
  }
}

const heldPage = async (address) => (await caches.open(PAGES)).match(address, { ignoreVary: true, ignoreSearch: true });

function quickly(request) {
  return Promise.race([
    fetch(request),
    new Promise((_, reject) => { setTimeout(() => reject(new Error("no answer")), PATIENCE); }),
  ]);
}

// What the lesson has not asked for yet, so that it can be taken to its end whatever happens to the network.
async function loadRest({ playing, list, sparing }) {
  await forgetOthers(playing);
  if (sparing) return;
  try {
    const files = await (await fetch(list)).json();
    if (files.bytes > MOST_BY_ITSELF) return;
    const cache = await caches.open(seenCache(playing));
    const missing = [];
    for (const one of files.files) if (!(await caches.match(one.address, { ignoreVary: true }))) missing.push(one);
    await fill(cache, missing);
  } catch {
    // No network or no room: what is there is there.
  }
}
