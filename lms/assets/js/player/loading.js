// Giving a run-time what the lesson begins with. scorm-again looks at each value as if the lesson had set it, so what
// others depend on comes first; and what it refuses all the same must not keep the lesson from being opened.
const FIRST = ["id", "type"];

const ordered = (entry) => {
  const first = FIRST.filter((name) => name in entry).map((name) => [name, entry[name]]);
  return { ...Object.fromEntries(first), ...entry };
};

export function load(api, cmi) {
  for (const [name, value] of Object.entries(cmi)) {
    try {
      api.loadFromJSON({ [name]: Array.isArray(value) ? value.map(ordered) : value }, "");
    } catch (error) {
      console.warn(`The lesson goes on without ${name}:`, error);
    }
  }
}
