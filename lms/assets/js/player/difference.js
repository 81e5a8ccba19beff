// What changed between two plain values, and back. Lists of one length are compared place by place, and what is no
// longer there becomes null.
const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const alike = (one, other) =>
  (isMap(one) && isMap(other)) || (Array.isArray(one) && Array.isArray(other) && one.length === other.length);

// Undefined where nothing did.
export function difference(from, to) {
  if (!alike(from, to)) return Object.is(from, to) || JSON.stringify(from) === JSON.stringify(to) ? undefined : to;
  const found = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const part = name in to ? difference(from[name], to[name]) : null;
    if (part !== undefined) found[name] = part;
  }
  return Object.keys(found).length ? found : undefined;
}

export function applied(from, change) {
  if (change === undefined) return from;
  if (!isMap(change) || from === null || typeof from !== "object") return change;
  const found = Array.isArray(from) ? [...from] : { ...from };
  for (const [name, part] of Object.entries(change)) found[name] = applied(found[name], part);
  return found;
}
