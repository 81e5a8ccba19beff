// A lesson that has ended and begins again on the same page: with what it left, and what its end had said.
const WRITTEN_ONLY = ["exit", "session_time"];
const UNTOLD = ["", undefined, null, "unknown", "not attempted"];

const without = (data, names) => Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)));
const entryAfter = (exit) => (exit === "suspend" ? "resume" : "");

// What it begins with, as the server would say it: `base` is what it began with before, `left` its last snapshot.
export function begunAgain(base, left) {
  if (!left.core) {
    const told = Object.fromEntries(Object.entries(without(left, WRITTEN_ONLY)).filter(([, value]) => value !== ""));
    return { ...base, ...told, ...bestOf2004(base, left), entry: entryAfter(left.exit) };
  }
  const core = { ...base.core, ...without(left.core, WRITTEN_ONLY), entry: entryAfter(left.core.exit) };
  return { ...base, ...left, student_data: base.student_data, core: { ...core, lesson_status: bestStatus(base.core, left.core) } };
}

// No less than the best that was reached.
function bestStatus({ lesson_status: before }, { lesson_status: status }) {
  if (before === "passed") return before;
  return before === "completed" && !["passed", "failed"].includes(status) ? before : status;
}

const bestOf2004 = (base, left) => ({
  ...(base.completion_status === "completed" || left.completion_status === "completed" ? { completion_status: "completed" } : {}),
  ...(base.success_status === "passed" || left.success_status === "passed" ? { success_status: "passed" } : {}),
});

// What only the end of a session decides of this data (as the server's rules.outcome and rules.outcome2004 do): a
// text that tells one verdict from another, or null. `base` has the pass mark.
export function verdict(base, cmi) {
  if (!cmi.core) {
    if (cmi.exit === "suspend") return null;
    if (UNTOLD.includes(cmi.completion_status)) return "completed";
    return isSaid(base.scaled_passing_score) && isSaid(cmi.score?.scaled) ? `${cmi.score.scaled}` : null;
  }
  const { lesson_status: status, score } = cmi.core;
  if (UNTOLD.includes(status)) return "completed";
  const isJudged = isSaid(base.student_data?.mastery_score) && isSaid(score?.raw) && !["incomplete", "browsed"].includes(status);
  return isJudged ? `${status} ${score.raw}` : null;
}

const isSaid = (value) => !UNTOLD.includes(value);

// A session that holds several beginnings and ends has no session time that a package could tell.
export function withoutTime(cmi) {
  if (!cmi.core) return without(cmi, ["session_time"]);
  return { ...cmi, core: without(cmi.core, ["session_time"]) };
}
