// What a unit asks of the record store, read from its request, also where it comes as a form (xAPI 1.0.3 part 3, 1.3).
const HEADERS = ["authorization", "x-experience-api-version", "content-type", "if-match", "if-none-match"];
const ROOT = "/xapi/";

export const STATEMENTS = "statements";
export const STATE = "activities/state";
export const PROFILE = "agents/profile";
const NAMED = { [STATE]: "stateId", [PROFILE]: "profileId" };
const WRITTEN = { [STATEMENTS]: ["PUT", "POST"], [STATE]: ["PUT", "POST", "DELETE"], [PROFILE]: ["PUT", "POST"] };

// {method, resource, query, headers, body}; `body` are bytes.
export async function read(request) {
  const address = new URL(request.url);
  const resource = address.pathname.slice(ROOT.length).replace(/\/+$/, "");
  const body = new Uint8Array(await request.arrayBuffer());
  const headers = Object.fromEntries(HEADERS.map((name) => [name, request.headers.get(name) ?? ""]));
  const method = address.searchParams.get("method");
  if (request.method === "POST" && method) return { resource, ...form(method, headers, new TextDecoder().decode(body)) };
  return { method: request.method, resource, query: address.searchParams, headers, body };
}

function form(method, headers, text) {
  const query = new URLSearchParams(), said = { ...headers, "content-type": "" };
  let content = "";
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === "content") content = value;
    else if (HEADERS.includes(name.toLowerCase())) said[name.toLowerCase()] = value;
    else if (!["accept", "content-length", "accept-language"].includes(name.toLowerCase())) query.append(name, value);
  }
  if (content) said["content-type"] ||= "application/json";
  return { method, query, headers: said, body: new TextEncoder().encode(content) };
}

export const isWritten = ({ method, resource }) => WRITTEN[resource]?.includes(method) ?? false;

// The name of the one document that is asked about; of what is no state and no preferences, all that is asked.
export const nameIn = ({ resource, query }) => query.get(NAMED[resource]) ?? query.toString();
export const isList = ({ resource, query }) => resource in NAMED && !query.get(NAMED[resource]);

export const placeOf = (asked) => `${asked.resource} ${nameIn(asked)}`;

// Whether it is about what belongs to the session; all else is for the server to refuse.
export function isOwn({ resource, query }, note) {
  if (!isSame(query.get("agent"), note.agent)) return false;
  const { activity, registration } = note;
  return resource !== STATE
    || (query.get("activityId") === activity && query.get("registration")?.toLowerCase() === registration);
}

function isSame(text, agent) {
  try {
    const { account } = JSON.parse(text);
    return account.name === agent.account.name && account.homePage === agent.account.homePage;
  } catch {
    return false;
  }
}

export const isJson = (type) => /^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(type);

export function jsonOf(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

// The statements of a body, in the first part where files come with them; null for what has none that could be kept.
export function statementsIn({ headers, body }) {
  const type = headers["content-type"];
  const found = /^multipart\/mixed/i.test(type) ? jsonOf(firstPart(body, type)) : jsonOf(body);
  const list = Array.isArray(found) ? found : [found];
  return list.length && list.every((one) => one?.verb?.id && (one.id || !Array.isArray(found))) ? list : null;
}

// Letters are bytes here, so that places in the text are places in the body.
function firstPart(body, type) {
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  const text = new TextDecoder("latin1").decode(body);
  const start = text.indexOf("\r\n\r\n", text.indexOf(`--${boundary}`)) + 4;
  return body.slice(start, text.indexOf(`\r\n--${boundary}`, start));
}
