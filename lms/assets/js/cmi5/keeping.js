// Keeps what a unit writes while nobody answers, and answers in the record store's place.
import { json } from "./answers.js";
import { STATEMENTS, isList, isOwn, nameIn, placeOf, statementsIn } from "./asked.js";
import { hex, isSound, merged, refusalOf, writtenRow } from "./mirror.js";
import { documentOf, waitingOf, writing } from "./shelf.js";

export const LARGEST = 1024 * 1024; // bytes of a request
const MOST = 1000; // requests of a session
const SPOKEN = /^(1|2)\.0(\.|$)/; // versions of xAPI
const TERMINATED = "http://adlnet.gov/expapi/verbs/terminated";

const isOneOf = (verb) => (asked) =>
  asked.resource === STATEMENTS && (statementsIn(asked) ?? []).some((one) => one.verb.id === verb);
export const isLast = isOneOf(TERMINATED);
export const isFirst = isOneOf("http://adlnet.gov/expapi/verbs/initialized");

// The answer, once it is on the disk; null for what cannot be kept, of which the unit must hear that it failed.
export async function keep(note, asked) {
  if (!SPOKEN.test(asked.headers["x-experience-api-version"]) || (await waitingOf(note.session)).length >= MOST) return null;
  try {
    return await (asked.resource === STATEMENTS ? keepStatements(note, asked) : keepDocument(note, asked));
  } catch {
    return null; // full, or forbidden
  }
}

async function keepStatements(note, asked) {
  const said = statementsIn(asked);
  const under = asked.query.get("statementId");
  if (!said || (asked.method === "PUT" ? !under : said.some(({ id }) => !id))) return null;
  const known = (await waitingOf(note.session)).find((one) => one.resource === STATEMENTS && isEqual(one.body, asked.body));
  if (!known) {
    const over = isLast(asked) ? { over: true } : {};
    await writing(async ({ sessions, waiting }) => {
      await waiting.put(entry(note, asked));
      await sessions.put({ ...(await sessions.get(note.session)), ...over, late: true });
    });
  }
  return asked.method === "PUT" ? answer(asked, 204) : answer(asked, 200, said.map(({ id }) => id));
}

async function keepDocument(note, asked) {
  if (isList(asked)) return null;
  const place = placeOf(asked), kept = await documentOf(note.session, place);
  if (!isOwn(asked, note) || !isSound(asked, kept) || nameIn(asked) === "LMS.LaunchData") return null;
  const refused = refusalOf(asked, kept);
  if (refused !== 0) return refused && answer(asked, refused, { error: "The document is another one now." });
  const row = await writtenRow(note, asked, kept);
  const added = { ...entry(note, asked), place, seen: kept?.seen ?? null };
  await writing(async ({ sessions, waiting, documents }) => {
    const [before] = (await waiting.all()).filter((one) => one.session === note.session && one.place === place);
    await waiting.put(before ? together(before, added) : added);
    if (row) await documents.put(row);
    await sessions.put({ ...(await sessions.get(note.session)), late: true });
  });
  return answer(asked, 204, undefined, row?.etag);
}

// Of several writings of one document the last is enough; it keeps the place in the queue, and what the first had seen.
function together(before, added) {
  const one = { ...added, number: before.number, seen: before.seen };
  if (added.method !== "POST") return one;
  if (before.method === "DELETE") return { ...one, method: "PUT" };
  return { ...one, method: before.method, type: before.type, body: merged(before.body, added.body) };
}

const entry = (note, { method, resource, query, headers, body }) => ({
  id: hex(crypto.getRandomValues(new Uint8Array(16))),
  session: note.session,
  at: Date.now(),
  method,
  resource,
  query: query.toString(),
  version: headers["x-experience-api-version"],
  type: headers["content-type"],
  body,
});

function answer(asked, status, value, etag) {
  const headers = { "X-Experience-API-Version": asked.headers["x-experience-api-version"], "Cache-Control": "no-store" };
  if (etag) Object.assign(headers, { ETag: `"${etag}"`, "Last-Modified": new Date().toUTCString() });
  return value === undefined ? new Response(null, { status, headers }) : json(value, { status, headers });
}

const isEqual = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
