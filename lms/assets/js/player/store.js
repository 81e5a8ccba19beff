// What has not reached the server yet: in localStorage, which has it before the next line runs, and in IndexedDB, which
// has it on the disk and where the service worker finds it. Where both are full or forbidden, in memory alone.
// One entry for each opening of a page: a later snapshot replaces an earlier one. The only key in an entry is that for
// delivering it, which opens nothing.
import { drop, entries, keep } from "../offline/database.js";

const PREFIX = "lesson-queue";

export class Store {
  constructor(attempt) {
    this.attempt = attempt;
    this.prefix = `${PREFIX}.${attempt}.`;
    this.memory = new Map();
  }

  // Everything of this attempt that IndexedDB has newer than localStorage, which browsers write to the disk later.
  async recall() {
    for (const { session, attempt, item } of await entries()) {
      if (attempt === this.attempt && item.seq > (this.get(session)?.seq ?? 0)) {
        this.memory.set(session, JSON.stringify(item));
      }
    }
  }

  // Resolves to whether it outlives this page.
  async put(session, item) {
    const text = JSON.stringify(item);
    let safely = true;
    this.memory.set(session, text);
    try {
      localStorage.setItem(this.prefix + session, text);
    } catch {
      // Full or forbidden: the older text there must not outlive the newer one here.
      this.#forget(session);
      safely = false;
    }
    const written = keep({ session, attempt: this.attempt, item });
    return safely || written;
  }

  get(session) {
    const text = this.memory.get(session) ?? this.#read(this.prefix + session);
    try {
      return text ? JSON.parse(text) : null;
    } catch {
      this.#forget(session);
      return null;
    }
  }

  // Only what was sent: something newer may have come meanwhile.
  remove(session, seq) {
    drop(session, seq);
    if (this.get(session)?.seq !== seq) return;
    this.memory.delete(session);
    this.#forget(session);
  }

  sessions() {
    const found = new Set(this.memory.keys());
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(this.prefix)) found.add(name.slice(this.prefix.length));
      }
    } catch {
      // No storage, so nothing waits there.
    }
    return [...found];
  }

  #read(name) {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  }

  #forget(session) {
    try {
      localStorage.removeItem(this.prefix + session);
    } catch {
      // Nothing can be kept there, so nothing needs to go.
    }
  }
}

// Everything that waits on this origin, of all attempts, the newest of each session: [{session, attempt, item}].
export async function allWaiting() {
  const found = new Map((await entries()).map((entry) => [entry.session, entry]));
  for (const name of storedNames()) {
    const [, attempt, session] = name.split(".");
    const item = new Store(attempt).get(session);
    if (item && item.seq > (found.get(session)?.item.seq ?? 0)) found.set(session, { session, attempt, item });
  }
  return [...found.values()];
}

function storedNames() {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(`${PREFIX}.`));
  } catch {
    return [];
  }
}
