// What has not reached the server yet, in localStorage and, where that is full or forbidden, in memory alone.
// One entry for each play session: a later snapshot replaces an earlier one. Entries hold no key to anything.
const PREFIX = "lesson-queue";

export class Store {
  constructor(attempt) {
    this.prefix = `${PREFIX}.${attempt}.`;
    this.memory = new Map();
  }

  put(session, item) {
    const text = JSON.stringify(item);
    this.memory.set(session, text);
    try {
      localStorage.setItem(this.prefix + session, text);
    } catch {
      // Full or forbidden: the older text there must not outlive the newer one here.
      this.#forget(session);
    }
  }

  get(session) {
    const text = this.memory.get(session) ?? this.#read(session);
    try {
      return text ? JSON.parse(text) : null;
    } catch {
      this.#forget(session);
      return null;
    }
  }

  // Only what was sent: something newer may have come meanwhile.
  remove(session, seq) {
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

  #read(session) {
    try {
      return localStorage.getItem(this.prefix + session);
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
