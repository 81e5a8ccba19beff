// What waits to be sent, where a service worker can read it too, and where it is on the disk before anything goes on.
export const NAME = "lesson-queue";
const TABLE = "waiting";

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE, { keyPath: "session" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  }).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function within(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(TABLE, mode, { durability: "strict" });
    const asked = work(transaction.objectStore(TABLE));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

// Entries are {session, attempt, item}. Where there is no such storage, nothing is in it.
export const entries = () => within("readonly", (table) => table.getAll()).catch(() => []);

// Whether it is there.
export const keep = (entry) => within("readwrite", (table) => table.put(entry)).then(() => true, () => false);

// Only what was sent: something newer may have come meanwhile.
export const drop = (session, seq) => within("readwrite", (table) => {
  const found = table.get(session);
  found.onsuccess = () => { if (found.result?.item.seq <= seq) table.delete(session); };
}).catch(() => {});
