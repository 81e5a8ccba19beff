// The package's calls to its run-time, for support: a short list of the newest, sent along with commits.
const MOST = 120;
const LONGEST = 80;
const OPEN = "…";
const [NAME, ARGUMENTS, ANSWER, ERROR, TIMES] = [2, 3, 4, 5, 6];
const NAMES = ["Initialize", "Terminate", "Finish", "GetValue", "SetValue", "Commit", "GetLastError", "GetErrorString", "GetDiagnostic"];
// Who learns is none of support's business here, and what they write is theirs.
const PERSONAL = /(student|learner)_(name|id)\b|comments/;

const short = (value) => {
  const text = String(value ?? "");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length})` : text;
};

export class Calls {
  #kept = [];
  #count = 0;
  #taken = 0;

  // The API with every call of the package noted; `current` gives the one that answers just now, for a package that
  // keeps what it found may begin again with another. That one is left as it is: the player's own calls are not noted.
  watch(current) {
    const wrapped = new Map();
    return new Proxy(current(), {
      get: (first, name) => {
        const api = current();
        const found = name in api ? api[name] : first[name];
        if (typeof found !== "function" || !NAMES.includes(String(name).replace(/^LMS/, ""))) return found;
        if (!wrapped.has(name)) wrapped.set(name, (...given) => this.#noted(current, name, given));
        return wrapped.get(name);
      },
    });
  }

  // What was not known to have arrived yet: [number, milliseconds, name, arguments, answer, error, times].
  take() {
    this.#taken = this.#count;
    return this.#kept;
  }

  // What was taken last has arrived.
  arrived() {
    this.#kept = this.#kept.filter((call) => call[0] > this.#taken);
  }

  // Noted before it is answered: a call that saves is then part of what is saved, its answer still open.
  #noted(current, name, given) {
    const call = this.#begin(String(name), given);
    const answer = current()[name](...given);
    try {
      this.#end(call, answer, this.#error(current(), String(name)));
    } catch {
      // A log is never worth a lesson.
    }
    return answer;
  }

  #begin(name, given) {
    const personal = PERSONAL.test(String(given[0] ?? ""));
    const said = personal ? [given[0], ...given.slice(1).map(() => OPEN)] : given;
    this.#count += 1;
    const call = [this.#count, Math.round(performance.now()), name, short(said.map(short).join(", ")), OPEN, 0, 1];
    this.#kept = [...this.#kept.slice(-MOST + 1), call];
    return call;
  }

  #end(call, answer, error) {
    if (!PERSONAL.test(call[ARGUMENTS])) call[ANSWER] = short(answer);
    call[ERROR] = error;
    const before = this.#kept[this.#kept.length - 2];
    const again = before && [NAME, ARGUMENTS, ANSWER, ERROR].every((part) => before[part] === call[part]);
    if (!again || before[0] <= this.#taken || call[0] !== this.#count) return;
    before[TIMES] += 1;
    this.#kept = this.#kept.slice(0, -1);
    this.#count -= 1;
  }

  #error(api, name) {
    if (/Get(LastError|ErrorString|Diagnostic)$/.test(name)) return 0;
    const code = Number(name.startsWith("LMS") ? api.LMSGetLastError() : api.GetLastError());
    return Number.isInteger(code) && code > 0 ? code : 0;
  }
}
