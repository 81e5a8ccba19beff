// What this origin holds of units (lessons of cmi5): the sessions that were opened here, what of them waits to be sent,
// and the documents as their units know them. On the disk, where the service worker and the pages find it.
export const NAME = "unit-queue";
const TABLES = {
  sessions: { keyPath: "session" },
  waiting: { keyPath: "number", autoIncrement: true },
  documents: { keyPath: ["session", "place"] },
};

const PATIENCE = 3_000; // some browsers never answer; units must not wait for what only helps them
const PAUSE = 60_000; // before a shelf that could not be opened is tried again

let opened = null;
let closedUntil = 0;

function open() {
  if (Date.now() < closedUntil) return Promise.reject(new Error("not to be opened"));
  opened ??= new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("no answer")), PATIENCE);
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, key] of Object.entries(TABLES)) asked.result.createObjectStore(name, key);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  }).catch((error) => {
    opened = null;
    closedUntil = Date.now() + PAUSE;
    throw error;
  });
  return opened;
}

const heard = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

// A table in which every step is awaited; nothing else may be, or the transaction ends.
const steps = (table) => ({
  get: (key) => heard(table.get(key)),
  all: (range) => heard(table.getAll(range)),
  put: (row) => heard(table.put(row)),
  delete: (key) => heard(table.delete(key)),
});

// Does all of `work` or nothing; resolves once it is on the disk.
async function within(mode, work) {
  const database = await open();
  const transaction = database.transaction(Object.keys(TABLES), mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
  done.catch(() => {});
  const [sessions, waiting, documents] = Object.keys(TABLES).map((name) => steps(transaction.objectStore(name)));
  try {
    const result = await work({ sessions, waiting, documents });
    await done;
    return result;
  } catch (error) {
    try { transaction.abort(); } catch { /* it has ended */ }
    throw error;
  }
}

export const writing = (work) => within("readwrite", work);
export const reading = (work) => within("readonly", work);

const ofSession = (session) => IDBKeyRange.bound([session], [session, []]);

export const allSessions = () => reading(({ sessions }) => sessions.all());
export const noteOf = (session) => reading(({ sessions }) => sessions.get(session));
export const documentOf = (session, place) => reading(({ documents }) => documents.get([session, place]));
export const documentsOf = (session) => reading(({ documents }) => documents.all(ofSession(session)));

// In the order in which they were asked.
export const allWaiting = () => reading(({ waiting }) => waiting.all());
export const waitingOf = async (session) => (await allWaiting()).filter((one) => one.session === session);

// Changes some fields of a session's note, if there is one.
export const change = (session, fields) => writing(async ({ sessions }) => {
  const note = await sessions.get(session);
  if (note) await sessions.put({ ...note, ...fields });
});

export async function forget(session) {
  await writing(async ({ sessions, waiting, documents }) => {
    if ((await waiting.all()).some((one) => one.session === session)) return;
    await sessions.delete(session);
    for (const { place } of await documents.all(ofSession(session))) await documents.delete([session, place]);
  });
}

// Whoever learned here has left: only what could not be sent yet stays, and the key for sending it.
export async function forgetAllUnits() {
  await writing(async ({ sessions, waiting, documents }) => {
    const still = new Set((await waiting.all()).map((one) => one.session));
    for (const note of await sessions.all()) {
      const { session, deliver, prepared } = note;
      if (still.has(session)) await sessions.put({ session, deliver, prepared, left: true });
      else await sessions.delete(session);
    }
    for (const { session, place } of await documents.all()) await documents.delete([session, place]);
  });
}
