// The files of packages in the browser's caches: those that were used, and those that were saved on purpose.
const SEEN = "seen:";
export const KEPT = "kept:";
export const PAGES = "pages";

export const seenCache = (files) => SEEN + files;
export const keptCache = (files) => KEPT + files;

// The address under which a file is kept. No file of a package changes with the query: that is there against caches, or
// for the page to read.
export const plain = (address) => {
  const { origin, pathname } = new URL(address, location.href);
  return origin + pathname;
};

const folded = (address) => {
  let { pathname } = new URL(address);
  try {
    pathname = decodeURIComponent(pathname);
  } catch {
    // As it stands.
  }
  return pathname.replace(/\/{2,}/g, "/").normalize("NFD").toLowerCase().normalize("NFD");
};

// Pages ask for files in other capitals, with signs escaped or not, with a slash too many, or for a folder. The server
// takes all of them for the file that is meant; without it they are looked for among all that is there.
export async function alike(address, files) {
  const wanted = folded(address);
  const names = wanted.endsWith("/") ? [`${wanted}index.html`, `${wanted}index.htm`] : [wanted];
  for (const name of [keptCache(files), seenCache(files)]) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    const found = (await cache.keys()).find(({ url }) => names.includes(folded(url)));
    if (found) return cache.match(found, { ignoreVary: true });
  }
  return null;
}

// The part of a whole answer that a player of sound or films asked for (RFC 9110, 14.2: one range).
export async function partOf(whole, range) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range);
  const blob = await whole.blob();
  if (!asked || (!asked[1] && !asked[2])) return whole;
  const [start, end] = asked[1]
    ? [Number(asked[1]), Math.min(asked[2] ? Number(asked[2]) : Infinity, blob.size - 1)]
    : [Math.max(0, blob.size - Number(asked[2])), blob.size - 1];
  const headers = new Headers(whole.headers);
  if (start >= blob.size || start > end) {
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${blob.size}` } });
  }
  headers.set("Content-Range", `bytes ${start}-${end}/${blob.size}`);
  headers.set("Content-Length", String(end - start + 1));
  return new Response(blob.slice(start, end + 1), { status: 206, headers });
}

// Loads what is not in the cache yet, one after the other, and tells of each; stops when there is no room.
export async function fill(cache, addresses, told = () => {}) {
  for (const { address, size } of addresses) {
    if (!(await cache.match(address, { ignoreVary: true }))) {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`${response.status}`);
      await cache.put(address, response);
    }
    told(size);
  }
}

// Of the packages that were only used, this one alone stays.
export async function forgetOthers(files) {
  for (const name of await caches.keys()) {
    if (name.startsWith(`${SEEN}/content/`) && name !== seenCache(files)) await caches.delete(name);
  }
}
