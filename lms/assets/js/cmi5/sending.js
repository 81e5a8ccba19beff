// Delivers what units said without a network, each session's in its order, by the key that lies with it.
import { HOPELESS, post } from "../player/sending.js";
import { allSessions, change, forget, noteOf, waitingOf, writing } from "./shelf.js";

const PATIENCE = 15_000;
const SLOWEST = 10; // bytes in a millisecond

export const patienceFor = (bytes, patience) => patience + bytes / SLOWEST;

const busy = new Map(); // session: the delivery that is under way

// Whether nothing of the session waits any more.
export function drain(session, patience = PATIENCE) {
  if (!busy.has(session)) busy.set(session, work(session, patience).catch(() => false).finally(() => busy.delete(session)));
  return busy.get(session);
}

// Of all sessions of this origin; resolves to {sent, left}.
export async function deliverUnits() {
  let sent = 0, left = 0;
  for (const { session } of await allSessions().catch(() => [])) {
    const before = (await waitingOf(session)).length;
    await drain(session);
    const after = (await waitingOf(session)).length;
    sent += before - after;
    left += after;
  }
  return { sent, left };
}

async function work(session, patience) {
  const note = await noteOf(session);
  let entries = await waitingOf(session);
  while (entries.length) {
    for (const entry of entries) {
      const answer = await answerTo(note, entry, patience);
      if (!answer) return false;
      await settle(entry, answer);
    }
    entries = await waitingOf(session); // what came meanwhile
  }
  if (note?.left) await forget(session);
  return true;
}

// What the server says of it, {} where it will never take it; null where it was not heard, or the key is not taken.
async function answerTo(note, entry, patience) {
  const body = JSON.stringify(envelope(note, entry));
  const answer = await post(note.deliver, body, patienceFor(2 * entry.body.length, patience));
  if (HOPELESS.includes(answer?.status)) return {};
  try {
    return answer?.ok ? JSON.parse(answer.text) : null;
  } catch {
    return null; // somebody between us and the server has answered
  }
}

// The clock is read when it is sent: the server knows by it how long ago it was asked.
function envelope({ prepared = false }, { id, at, method, resource, query, version, type, body, seen = null }) {
  return { id, at, now: Date.now(), prepared, seen, method, resource, query, version, type, body: base64(body) };
}

function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

// Takes out what was sent, unless something newer took its place, and notes under which tag the server has it now. Of a
// document that somebody else wrote meanwhile nothing is known any more.
async function settle({ number, id, session, place }, { answer, etag = null }) {
  const isOver = await writing(async ({ sessions, waiting, documents }) => {
    const there = await waiting.get(number);
    if (there?.id === id) await waiting.delete(number);
    if (place && answer !== "taken") await documents.delete([session, place]);
    const kept = place && await documents.get([session, place]);
    if (kept) await documents.put({ ...kept, seen: etag, etag: there?.id === id ? etag : kept.etag });
    const note = await sessions.get(session);
    return place && answer !== "taken" && note?.whole;
  });
  if (isOver) await change(session, { whole: false });
}
