// Lessons that were saved on purpose, on the origin of their package. A record is {session, page, state, files, used},
// kept as an answer under its page's address; `page` is also the address under which the lesson opens.
import { KEPT, PAGES, fill, keptCache } from "./cached.js";

const recordOf = (page) => `/record${page}`;

export async function keepLesson({ session, page, state, assets, files }, told) {
  const cache = await caches.open(keptCache(files.start));
  await fill(cache, files.files, told);
  const shelf = await caches.open(PAGES);
  await fill(await caches.open(`${KEPT}assets`), assets.map((address) => ({ address, size: 0 })));
  await store(shelf, page, page, state);
  await shelf.put("/deliver/", await fetch("/deliver/"));
  await shelf.put(recordOf(page), Response.json({ session, page, state, files: files.start, asked: page }));
}

// The page as it is now goes under the address that the learner's list has.
async function store(shelf, address, page, state) {
  const [html, data] = await Promise.all([fetch(`${page}?kept`), fetch(state, { cache: "no-store" })]);
  if (!html.ok || !data.ok) throw new Error("not to be had");
  await fill(await caches.open(`${KEPT}assets`), assetsOf(await html.clone().text()).map((each) => ({ address: each, size: 0 })));
  await shelf.put(address, html);
  await shelf.put(state, data);
}

const assetsOf = (html) => [...new Set(html.match(/\/static\/build\/[\w./-]+/g) ?? [])];

async function records(shelf) {
  const found = [];
  for (const request of await shelf.keys()) {
    if (new URL(request.url).pathname.startsWith(recordOf("/"))) found.push(await (await shelf.match(request)).json());
  }
  return found;
}

// Of sessions that were used: the next time the lesson begins where the server knows it to be.
export async function renewKept(sessions) {
  const shelf = await caches.open(PAGES);
  for (const record of await records(shelf)) {
    if (!sessions.has(record.session)) continue;
    try {
      const answer = await fetch(`${record.asked}again`, { method: "POST" });
      if (!answer.ok) continue;
      const { session, page, state } = await answer.json();
      await store(shelf, record.page, page, state);
      await shelf.put(recordOf(record.page), Response.json({ ...record, session, state, asked: page }));
    } catch {
      // The next time.
    }
  }
}

// Takes one lesson off this device, or all; what waits to be sent stays.
export async function forgetKept(page = null) {
  const shelf = await caches.open(PAGES);
  const all = await records(shelf);
  for (const record of all.filter((each) => page === null || each.page === page)) {
    for (const address of [record.page, record.state, recordOf(record.page)]) await shelf.delete(address);
    const still = all.some((other) => other !== record && other.files === record.files && page !== null);
    if (!still) await caches.delete(keptCache(record.files));
  }
}
