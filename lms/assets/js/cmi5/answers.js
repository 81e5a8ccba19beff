// Answers in the place of the record store.
export const json = (value, { status = 200, headers = {} } = {}) =>
  new Response(JSON.stringify(value), { status, headers: { "Content-Type": "application/json", ...headers } });
