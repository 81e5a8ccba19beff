// The page of a unit, under the address that opened it. The server decides who gets it: whoever loads it anew is led to
// a new session. Without a network it is what this device has of it, and the session goes on.
import { drain } from "./sending.js";
import { allSessions, change, documentOf, waitingOf } from "./shelf.js";
import { isTrouble, quickly } from "./speaking.js";
import { jsonOf } from "./asked.js";

export function isUnitPage({ mode, method, destination }, { pathname, searchParams }) {
  const isPage = mode === "navigate" && method === "GET" && destination === "document";
  return isPage && pathname.startsWith("/content/") && searchParams.has("fetch");
}

export async function unitPage({ request }) {
  const note = await noteOfPage(request.url);
  if (!note) return fetch(request);
  // What was said must be there before a new session begins with it.
  if ((await waitingOf(note.session)).length) await drain(note.session);
  try {
    // Its referrer tells where the learner comes from: a page of the unit, or elsewhere, or a reload.
    const headers = { Accept: "text/html", "X-Unit-Page": request.referrer ? "onwards" : "anew" };
    const options = { headers, redirect: "manual", cache: "no-store" };
    const response = await quickly(request.url, { ...options, insists: true });
    if (!isTrouble(response.status)) return response;
  } catch {
    // Nobody answers.
  }
  return fromHere(note, request);
}

async function noteOfPage(address) {
  const path = new URL(new URL(address).searchParams.get("fetch"), address).pathname;
  return (await allSessions().catch(() => [])).find((one) => one.fetch === path);
}

async function fromHere(note, request) {
  const back = note.over && (await returnAddress(note));
  if (back) return Response.redirect(back, 303);
  const page = note.token && (await caches.match(request.url, { ignoreVary: true, ignoreSearch: true }));
  if (!page) return Response.error();
  await change(note.session, { reloaded: true });
  return page;
}

async function returnAddress({ session }) {
  const kept = await documentOf(session, "activities/state LMS.LaunchData");
  return jsonOf(kept?.body)?.returnURL;
}
