// What a unit says to the record store and reads there goes on to it; what it does not hear is kept, and what it cannot
// tell is answered from what is known here. Whoever has a session that began while there was a network loses nothing.
import { json } from "./answers.js";
import { PROFILE, STATE, isList, isOwn, isWritten, nameIn, placeOf, read } from "./asked.js";
import { LARGEST, isFirst, isLast, keep } from "./keeping.js";
import { absent, answeredRow, held, writtenRow } from "./mirror.js";
import { deliverUnits, drain, patienceFor } from "./sending.js";
import { allSessions, change, documentOf, noteOf, waitingOf, writing } from "./shelf.js";
import { sendLater } from "../player/sending.js";

const PATIENCE = 8_000; // for a network that is there and does not answer
const QUIET = 10_000; // after nobody answered, before somebody is waited for again
const MOMENT = 2_000; // for what was kept to be delivered before the unit hears of it, and leads to its result
const AT_ONCE = 5; // requests that a unit may have to wait for until its own is sent
const ALSO_READ = ["about", "agents", "activities", "activities/profile"]; // as it was answered last
const PREFERENCES = "cmi5LearnerPreferences";

const OVER = { "error-code": "1", "error-text": "The session has ended. Open the lesson again." };

let quietUntil = 0;
const sessions = new Map(); // token: session
const turns = new Map(); // session: the writing that is under way

export const isOfUnits = ({ pathname }) => pathname.startsWith("/xapi/") || pathname.startsWith("/cmi5/fetch/");
export const isTrouble = (status) => status >= 500 || status === 429;
addEventListener("online", () => {
  quietUntil = 0;
  deliverUnits();
});

const isQuiet = () => Date.now() < quietUntil;

// Raises where nobody answers in time, or did a moment ago, unless somebody `insists`. `bytes` go with it, which takes
// its time on a slow network.
export async function quickly(request, { insists = false, bytes = 0, ...options } = {}) {
  if (!insists && isQuiet()) throw new Error("nobody answered a moment ago");
  const ends = new AbortController();
  const timer = setTimeout(() => ends.abort(), patienceFor(bytes, PATIENCE));
  try {
    const response = await fetch(request, { ...options, signal: ends.signal });
    quietUntil = 0;
    return response;
  } catch (error) {
    if (!request.signal?.aborted) quietUntil = Date.now() + QUIET; // else the unit has gone away, not the network
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

export async function speak(event) {
  const { request } = event;
  if (new URL(request.url).pathname.startsWith("/cmi5/")) return token(request);
  const asked = await read(request.clone()).catch(() => null);
  const note = asked && (await noteFor(asked.headers.authorization));
  if (!note) return fetch(request);
  if (isWritten(asked) && asked.body.length <= LARGEST) {
    const newest = async () => (await noteFor(asked.headers.authorization)) ?? note;
    return inTurn(note.session, async () => written(event, asked, await newest()));
  }
  return asked.method === "GET" ? told(request, asked, note) : fetch(request);
}

async function noteFor(authorization) {
  const key = authorization.replace(/^basic\s+/i, "");
  try {
    if (!sessions.has(key)) {
      const note = (await allSessions()).find((one) => one.token && one.token === key);
      if (!note) return null;
      sessions.set(key, note.session);
    }
    const note = await noteOf(sessions.get(key));
    return note?.token === key ? note : null;
  } catch {
    return null; // no storage: the unit speaks for itself
  }
}

// One after the other, or what failed would come after what did not.
function inTurn(session, work) {
  const mine = (turns.get(session) ?? Promise.resolve()).then(work);
  turns.set(session, mine.catch(() => {}));
  return mine;
}

async function written(event, asked, note) {
  if (isLast(asked)) quietUntil = 0; // its page of results comes next: it shows what has arrived
  const waits = await countOf(note.session);
  const stillWaits = waits > 0 && !(waits <= AT_ONCE && (await drained(note.session)));
  if (stillWaits && note.over) return (await again(note, asked)) ?? unauthorized(asked);
  if (stillWaits || (note.reloaded && isFirst(asked))) return kept(event, asked, note, () => Response.error());
  const send = (insists) => quickly(event.request.clone(), { insists, bytes: asked.body.length });
  const wasQuiet = isQuiet();
  let response;
  try {
    response = await send(false);
  } catch { // also of a unit that has gone away meanwhile
    return kept(event, asked, note, () => (wasQuiet ? send(true) : Response.error()));
  }
  if (isTrouble(response.status)) return kept(event, asked, note, () => response);
  // Its time has run out, or it was opened elsewhere, while there was no network here.
  if (response.status === 401 && note.late && !note.over) return kept(event, asked, note, () => response);
  if (response.ok) await learnWritten(asked, note, response).catch(() => {});
  return response;
}

const countOf = async (session) => (await waitingOf(session).catch(() => [])).length;

async function drained(session) {
  if (!canTry()) return false;
  const done = await drain(session, PATIENCE);
  if (!done) quietUntil = Date.now() + QUIET;
  return done;
}

const canTry = () => navigator.onLine && !isQuiet();

async function kept(event, asked, note, failing) {
  const answer = await keep(note, asked);
  if (!answer) return failing();
  const sending = drained(note.session).then((done) => done || sendLater());
  event.waitUntil(sending);
  await Promise.race([sending, new Promise((resolve) => { setTimeout(resolve, MOMENT); })]);
  return answer;
}

// The last word, said again by a unit that never heard of it.
const again = async (note, asked) => (isLast(asked) ? keep(note, asked) : null);

const unauthorized = (asked) => json({ error: "The session has ended." }, {
  status: 401,
  headers: { "X-Experience-API-Version": asked.headers["x-experience-api-version"] },
});

async function learnWritten(asked, note, response) {
  if (note.late) await change(note.session, { late: false }); // heard: if the session ends now, it does for good
  if (isLast(asked)) await change(note.session, { over: true });
  if (![STATE, PROFILE].includes(asked.resource) || !isOwn(asked, note)) return;
  const row = await writtenRow(note, asked, await documentOf(note.session, placeOf(asked)));
  const etag = (response.headers.get("ETag") ?? "").replace(/"/g, "") || null;
  await writing(async ({ documents }) => {
    if (row) await documents.put({ ...row, etag, seen: etag });
    else await documents.delete([note.session, placeOf(asked)]);
  });
}

async function told(request, asked, note) {
  const isMirrored = [STATE, PROFILE].includes(asked.resource) ? isOwn(asked, note) : ALSO_READ.includes(asked.resource);
  const here = () => (isMirrored ? held(note, asked).catch(() => null) : null);
  const prepares = asked.resource === PROFILE && nameIn(asked) === PREFERENCES && !note.prepared;
  if (prepares) await change(note.session, { prepared: true }).catch(() => {});
  const stillWaits = isMirrored && (await countOf(note.session)) && !(await drained(note.session));
  const answer = stillWaits || isQuiet() ? await here() : null;
  if (answer) return answer;
  let response;
  try {
    response = await quickly(request, { insists: true });
  } catch {
    return (await here()) ?? Response.error();
  }
  if (isTrouble(response.status) || (response.status === 401 && note.late)) return (await here()) ?? response;
  if (isMirrored && !isList(asked)) await learnRead(asked, note, response.clone()).catch(() => {});
  return response;
}

async function learnRead(asked, note, response) {
  if (![200, 404].includes(response.status) || (await countOf(note.session))) return;
  const row = response.ok ? await answeredRow(note, asked, response) : absent(note, asked);
  await writing(({ documents }) => documents.put(row));
}

// The unit's key, which is handed out once. Whoever loads the page again without a network gets it from here.
async function token(request) {
  const path = new URL(request.url).pathname;
  const note = (await allSessions().catch(() => [])).find((one) => one.fetch === path);
  if (!note || request.method !== "POST") return fetch(request);
  const mine = () => (note.over ? OVER : { "auth-token": note.token });
  if (note.reloaded && note.token) return json(mine());
  let response;
  try {
    response = await quickly(request, { insists: true });
  } catch {
    return note.token ? json(mine()) : Response.error();
  }
  const said = await response.clone().json().catch(() => ({}));
  if (said["auth-token"]) await change(note.session, { token: said["auth-token"] }).catch(() => {});
  return response;
}
