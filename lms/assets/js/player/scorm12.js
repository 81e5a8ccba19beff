// The SCORM 1.2 run-time that the package finds as `API` in the frames above it.
import { load } from "./loading.js";
import { Runtime } from "./runtime.js";

const NOT_INITIALIZED = 301;
const CLOSED = { LMSGetValue: "", LMSSetValue: "false", LMSCommit: "false" };

// scorm-again 3.4 goes on taking values after LMSFinish, and says “true” of what nobody would ever send.
function strict(api) {
  for (const [name, answer] of Object.entries(CLOSED)) {
    const call = api[name].bind(api);
    api[name] = (...given) => {
      if (!api.isTerminated()) return call(...given);
      api.throwSCORMError("api", NOT_INITIALIZED);
      return answer;
    };
  }
  return api;
}

export class Scorm12 extends Runtime {
  constructor({ cmi }, queue, clock, onFinish) {
    super(cmi, queue, clock, onFinish);
    this.again(cmi);
    globalThis.API = this.calls.watch(() => this.api);
  }

  again(cmi) {
    this.api = strict(this.renewable(new globalThis.Scorm12API(this.settings), "LMSInitialize"));
    load(this.api, cmi);
    return true;
  }
}
