// The way of commits to the server: kept first, then sent until somebody has them. The latest snapshot of a
// session is all that matters, and the server takes each number of a session once, so repeating does no harm.
import { send, sendGoodbye, sendLater } from "./sending.js";
import { Store } from "./store.js";

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 60_000;
const HELD = 2_000; // in which a lesson that has ended may begin again
const AT_ONCE = 500; // where there is no network there is nothing to wait for

// Of many snapshots only the last may arrive; when the lesson was completed is told beside it.
const isDone = (cmi) => ["completed", "passed"].includes(cmi?.core?.lesson_status) || cmi?.completion_status === "completed";

// What waits lies on a device that others may use: the server knows by itself whose it is.
function nameless(cmi) {
  if (!cmi) return cmi;
  const { learner_id: _id, learner_name: _name, ...rest } = cmi;
  if (!rest.core) return rest;
  const { student_id: _student, student_name: _called, ...core } = rest.core;
  return { ...rest, core };
}

export class Queue extends EventTarget {
  // `url` takes commits while the page's key is good, `deliver` for long after; `kept` says that the page may have
  // come from this device, where nobody can be waited for.
  constructor({ attempt, session, url, deliver = null, kept = false }) {
    super();
    this.session = session;
    this.url = url;
    this.deliver = deliver;
    this.kept = kept;
    this.run = kept ? Date.now() : undefined; // each opening of a kept page is a session of its own
    this.name = kept ? `${session}~${this.run}` : session; // of our entry
    this.names = [this.name]; // of all sessions of this page
    this.store = new Store(attempt);
    this.seq = 0;
    this.done = undefined;
    this.opened = Date.now() - performance.now();
    this.loose = false; // in this page's memory alone
    this.delay = FIRST_DELAY;
    this.busy = false;
    this.stopped = false;
    this.goingAway = false;
    this.state = "saved";
    for (const sign of ["online", "pageshow", "focus"]) addEventListener(sign, () => this.#hurry());
    addEventListener("offline", () => this.pending && this.#announce("waiting"));
  }

  get pending() {
    return this.#next !== undefined;
  }

  // The oldest session of this page of which something waits.
  get #next() {
    return this.names.find((name) => this.store.get(name) !== null);
  }

  // `patiently`: the lesson has ended, and may begin again at once.
  put(data, patiently = false) {
    if (this.stopped) return;
    this.#write({ ...data, end: data.end ?? this.store.get(this.name)?.end ?? null });
    if (this.goingAway) this.goodbye();
    else if (patiently) this.#hold();
    else this.drain();
  }

  #write(data) {
    this.seq += 1;
    if (isDone(data.cmi)) this.done ??= Date.now();
    const known = { session: this.session, run: this.run, page: this.page, seq: this.seq, done: this.done, deliver: this.deliver };
    const kept = this.store.put(this.name, { ...data, cmi: nameless(data.cmi), ...known, ...this.#moment() });
    kept.then((safely) => this.#kept(safely));
  }

  #hold() {
    if (this.state !== "waiting") this.#announce("saving");
    clearTimeout(this.held);
    this.held = setTimeout(() => this.release(), HELD);
  }

  // Nobody waits for the lesson to begin again any more.
  release() {
    clearTimeout(this.held);
    this.held = null;
    return this.drain();
  }

  // The lesson begins again: in the same session where its end was not sent yet (true), else in one of its own.
  goOn() {
    const waiting = this.held ? this.store.get(this.name) : null;
    clearTimeout(this.held);
    this.held = null;
    this.taken = waiting !== null;
    if (this.taken) this.#write({ ...waiting, end: null, course: undefined });
    else this.#anew();
    this.drain();
    return this.taken;
  }

  // The server makes the session when the first of it comes. Its id follows from this page's and the moment.
  #anew() {
    if (this.kept) this.page ??= this.run;
    this.run = Math.max(Date.now(), (this.run ?? 0) + 1);
    this.name = `${this.session}~${this.run}`;
    this.names = [...this.names.filter((name) => this.store.get(name) !== null), this.name];
    this.seq = 0;
    this.done = undefined;
  }

  // By the clock, which may be wrong or set right meanwhile, and beside it how long the page has been open: by the
  // clock, and by what nobody can set. Of a kept page, and of a lesson that began again, the server does not know when.
  #moment() {
    const at = Date.now();
    if (this.run !== undefined) return { at };
    return { at, since: Math.round(at - this.opened), awake: Math.round(performance.now()) };
  }

  #kept(safely) {
    if (this.loose === !safely) return;
    this.loose = !safely;
    if (this.state === "waiting") this.#announce("waiting");
  }

  goodbye() {
    this.goingAway = true;
    if (this.stopped) return;
    for (const name of this.names) {
      const item = this.store.get(name);
      if (item) sendGoodbye(this.url, item);
    }
  }

  // What earlier pages of this attempt left behind. Must be done before the state is asked for.
  async drainEarlier() {
    await this.store.recall();
    for (const session of this.store.sessions()) {
      if (session === this.name) continue;
      if (!this.kept) await this.#sendUntilHeard(session);
      else if (!(await this.#sendOnce(session))) return;
    }
  }

  async drain() {
    if (this.busy || this.stopped || this.held) return;
    this.busy = true;
    if (this.state !== "waiting") this.#announce("saving");
    try {
      while (this.pending && !this.stopped && !this.held && (await this.#sendOnce(this.#next)));
    } finally {
      this.busy = false;
    }
    if (!this.pending && !this.stopped) this.#announce("saved");
  }

  // True once nothing waits any more, false when that takes too long.
  flushed(patience) {
    return new Promise((resolve) => {
      const done = (answer) => {
        clearTimeout(timer);
        this.removeEventListener("state", check);
        resolve(answer);
      };
      const check = () => !this.pending && done(true);
      const timer = setTimeout(() => done(false), navigator.onLine ? patience : AT_ONCE);
      this.addEventListener("state", check);
      check();
    });
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  // Whether there is any sense in going on at once.
  async #sendOnce(session) {
    const item = this.store.get(session);
    if (!item) return false;
    const answer = await send(this.url, item);
    if (answer === "retry") {
      this.#announce("waiting");
      this.#later();
      sendLater();
      return false;
    }
    if (answer === "key") {
      this.stop();
      this.#announce("key");
      return false;
    }
    this.delay = FIRST_DELAY;
    this.store.remove(session, item.seq);
    if (session !== this.name || answer === "saved") return true;
    if (answer === "ended" && this.taken) return this.#besides(item);
    return this.#refused(answer);
  }

  // Somebody else on this device had sent the end that was then taken back here.
  #besides(item) {
    this.taken = false;
    const newer = this.store.get(this.name);
    if (newer) this.store.remove(this.name, newer.seq);
    this.#anew();
    this.#write(newer ?? item);
    return true;
  }

  #refused(answer) {
    if (answer === "superseded") this.stop();
    this.#announce(answer === "ended" ? "saved" : answer);
    return false;
  }

  async #sendUntilHeard(session) {
    while (!this.stopped && this.store.get(session)) {
      if (await this.#sendOnce(session)) continue;
      if (this.stopped) return;
      await new Promise((resolve) => { this.woken = resolve; });
    }
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#wake(), this.delay);
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY);
  }

  #hurry() {
    this.delay = FIRST_DELAY;
    clearTimeout(this.timer);
    this.#wake();
  }

  #wake() {
    this.woken?.();
    this.woken = null;
    if (this.pending) this.drain();
  }

  #announce(state) {
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }
}
