// The documents as a unit knows them while nobody answers: as they were read, with all that was written since.
// A row is {session, place, resource, name, body, type, etag, updated, seen}: `body` null where there is none, `seen`
// the entity tag under which the server has it.
import { json } from "./answers.js";
import { STATE, isJson, isList, jsonOf, nameIn, placeOf } from "./asked.js";
import { documentOf, documentsOf } from "./shelf.js";

const NOTHING = 404;

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const tagOf = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest("SHA-1", bytes)));

const row = (note, asked, rest) => ({
  session: note.session,
  place: placeOf(asked),
  resource: asked.resource,
  name: nameIn(asked),
  updated: Date.now(),
  ...rest,
});

export const absent = (note, asked) => row(note, asked, { body: null, type: "", etag: null, seen: null });

// As the server has answered it.
export async function answeredRow(note, asked, response) {
  const etag = (response.headers.get("ETag") ?? "").replace(/^(W\/)?"|"$/g, "");
  const body = new Uint8Array(await response.arrayBuffer());
  const updated = Date.parse(response.headers.get("Last-Modified")) || Date.now();
  return row(note, asked, { body, type: response.headers.get("Content-Type") ?? "", etag, seen: etag, updated });
}

// What stands there after the request; undefined where nobody can tell. `kept` is the row as it is.
export async function writtenRow(note, asked, kept) {
  const { method, headers, body } = asked;
  if (method === "DELETE") return { ...absent(note, asked), seen: kept?.seen ?? null };
  const type = headers["content-type"] || "application/octet-stream";
  const merges = method === "POST" && kept?.body;
  if (method === "POST" && !kept) return undefined;
  const whole = merges ? merged(kept.body, body) : body;
  const etag = await tagOf(whole);
  return row(note, asked, { body: whole, type: merges ? kept.type : type, etag, seen: kept?.seen ?? null });
}

// Properties of the one that comes stand in place of those that were there (xAPI 1.0.3 part 3, 2.2.s7).
export const merged = (one, other) => new TextEncoder().encode(JSON.stringify({ ...jsonOf(one), ...jsonOf(other) }));

// Whether the record store would take it: 0, or the status with which it would not. `undefined`: nobody can tell.
export function refusalOf({ method, resource, headers }, kept) {
  const [match, none] = [headers["if-match"], headers["if-none-match"]];
  const isProfile = resource !== STATE;
  if (!kept) return match || none || isProfile ? undefined : 0;
  const there = kept.body !== null;
  if (match) return there && names(match, kept.etag) ? 0 : 412;
  if (none) return there && names(none, kept.etag) ? 412 : 0;
  if (method !== "PUT") return 0;
  const isNewer = !headers["x-experience-api-version"].startsWith("1.");
  if (there) return isProfile || isNewer ? 409 : 0;
  return isProfile && !isNewer ? 400 : 0;
}

const names = (header, etag) =>
  header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^"|"$/g, "") === etag);

// Whether both sides of a merge are JSON objects, as they must be, and what calls itself JSON is.
export function isSound({ method, headers, body }, kept) {
  if (method === "DELETE") return true;
  const type = headers["content-type"];
  const value = isJson(type) ? jsonOf(body) : undefined;
  if (method === "PUT") return !isJson(type) || value !== undefined;
  return isObject(value) && (!kept?.body || (isJson(kept.type) && isObject(jsonOf(kept.body))));
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

// The answer to a GET, null where it is not known here.
export async function held(note, asked) {
  const version = { "X-Experience-API-Version": asked.headers["x-experience-api-version"] };
  if (isList(asked)) return asked.resource === STATE ? listed(note, asked, version) : null;
  const kept = await documentOf(note.session, placeOf(asked));
  if (!kept) return note.whole && asked.resource === STATE ? missing(version) : null;
  return kept.body === null ? missing(version) : shown(kept, asked, version);
}

const missing = (version) => json({ error: "There is no such document." }, { status: NOTHING, headers: version });

function shown({ body, type, etag, updated }, asked, version) {
  const changed = new Date(updated).toUTCString();
  const headers = { ...version, "Content-Type": type, "Cache-Control": "no-store", "Last-Modified": changed };
  if (etag) headers.ETag = `"${etag}"`;
  if (etag && names(asked.headers["if-none-match"], etag)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers });
}

async function listed(note, asked, version) {
  if (!note.whole || asked.query.has("since")) return null;
  const rows = (await documentsOf(note.session)).filter(({ resource, body }) => resource === STATE && body !== null);
  return json(rows.map(({ name }) => name), { headers: { ...version, "Cache-Control": "no-store" } });
}
