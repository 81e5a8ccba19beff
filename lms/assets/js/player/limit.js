// The time that a manifest allows for a lesson, and what it wants to happen when that is over.
const LOOK = 1_000;

// `seconds` are left; `action` is SCORM's (exit or continue, with message or without).
export function watchTime({ seconds, action }, clock, over) {
  if (seconds === null || !action || action === "continue,no message") return;
  const timer = setInterval(() => {
    if (clock.seconds < seconds) return;
    clearInterval(timer);
    over({ ends: action.startsWith("exit"), tells: action.endsWith(",message") });
  }, LOOK);
}
