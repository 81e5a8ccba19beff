// The service worker of the application. Without a network it shows one page, which says nothing about anybody: the
// list of lessons that are saved on this device. No other page is ever kept.
const CACHE = "saved-lessons-page";
const PAGE = "/saved";
const PATIENCE = 20_000;

addEventListener("install", (event) => event.waitUntil(prepare().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(request));
  else if (request.method === "GET" && new URL(request.url).pathname.startsWith("/static/build/")) {
    event.respondWith(asset(request));
  }
});

async function prepare() {
  const cache = await caches.open(CACHE);
  const response = await fetch(PAGE, { credentials: "omit" });
  if (!response.ok) throw new Error(`${response.status}`);
  const found = new Set((await response.clone().text()).match(/\/static\/build\/[\w./-]+/g));
  for (const sheet of [...found].filter((address) => address.endsWith(".css"))) {
    const text = await (await fetch(sheet)).text();
    for (const [, font] of text.matchAll(/url\((fonts\/[\w.-]+)\)/g)) found.add(`/static/build/${font}`);
  }
  await cache.addAll(found);
  await cache.put(PAGE, response);
}

async function page(request) {
  const shown = new URL(request.url).pathname === PAGE;
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout?.(PATIENCE) });
    if (shown && response.ok) prepare().catch(() => {});
    return response;
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

const asset = async (request) => (await caches.match(request.url, { ignoreVary: true })) ?? fetch(request);
