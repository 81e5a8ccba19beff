// With what a saved lesson begins: the state as it was when it was saved, and over it what was learned since.
const WRITTEN_ONLY = ["exit", "session_time"];

// `kept` is {attempt, cmi, …} as the server said it; `waiting` are entries of the queue.
export function goneOn(kept, waiting) {
  const own = waiting.filter(({ attempt, item }) => attempt === kept.attempt && item.cmi);
  const newest = own.sort((one, other) => one.item.at - other.item.at).pop();
  return newest ? { ...kept, cmi: over(kept.cmi, newest.item.cmi) } : kept;
}

function over(base, cmi) {
  if (!cmi.core) return { ...base, ...told(cmi), entry: "resume" };
  return { ...base, ...cmi, core: { ...base.core, ...told(cmi.core), entry: "resume" } };
}

const told = (data) => Object.fromEntries(Object.entries(data).filter(([name, value]) => !WRITTEN_ONLY.includes(name) && value !== ""));
