// One request with one commit, and what its answer means for the commit.
const PATIENCE = 15_000;
// Browsers let a page that goes away send 64 kB in all.
const LARGEST_GOODBYE = 60_000;

const MEANING = { 200: "saved", 409: "superseded", 410: "ended", 401: "key", 403: "key" };
// Would be refused again and again.
export const HOPELESS = [400, 404, 413, 422];

// The clock is read when it is sent: the server knows by it how long ago the data was taken.
const bodyOf = ({ deliver, ...item }) => JSON.stringify({ ...item, now: Date.now() });

// By the key of the page, and where that has become too old, by the one that came with the entry.
export async function send(url, item) {
  const answer = url ? await sendTo(url, item) : "key";
  return answer === "key" && item.deliver && item.deliver !== url ? sendTo(item.deliver, item) : answer;
}

async function sendTo(url, item) {
  const answer = await post(url, bodyOf(item), PATIENCE);
  if (!answer) return "retry";
  return MEANING[answer.status] ?? (HOPELESS.includes(answer.status) ? "refused" : "retry");
}

// {status, ok, text}, or null where nobody was heard within `patience` (milliseconds).
export async function post(url, body, patience) {
  const ends = new AbortController();
  const timer = setTimeout(() => ends.abort(), patience);
  try {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body, signal: ends.signal });
    const text = await response.text(); // or the browser would call it broken off
    return { status: response.status, ok: response.ok, text };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

// From a page that goes away. Nobody hears the answer, so the item stays kept until somebody does.
export function sendGoodbye(url, item) {
  const body = bodyOf(item);
  if (new Blob([body]).size > LARGEST_GOODBYE) return;
  if ("keepalive" in Request.prototype) {
    fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive: true }).catch(() => {});
  } else {
    navigator.sendBeacon(url, new Blob([body], { type: "text/plain" }));
  }
}

// Lets the service worker send what waits when the network is back, where the browser can do that; the worker may ask
// for it too.
export async function sendLater() {
  try {
    const worker = globalThis.registration ?? (await navigator.serviceWorker?.getRegistration("/"));
    await worker?.sync?.register("deliver");
  } catch {
    // It may be forbidden; then the pages do it.
  }
}
