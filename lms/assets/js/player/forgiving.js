// What scorm-again 3.4 refuses, or mixes up, of what lessons say that are fine elsewhere.
const QUESTION = /^cmi\.interactions\.(\d+)\.id$/;
const TIMES = /\.(session_time|latency)$/;
const HUNDREDTHS = /(\.\d\d)\d+/;
const OTHER_LETTERS = /[^\0-\x7f]+/gu;
const HALVES = /[\ud800-\udfff]/gu; // of letters that were cut in two

// Lessons that draw their questions number them from 0 each time, so that another question comes to stand where one was
// answered before. It is a new one, with nothing of the former: SCORM 2004 would keep the former's id, SCORM 1.2 its data.
function drawnAnew(api, at, id) {
  const questions = api.cmi.interactions.childArray;
  const former = questions[at];
  if (!former?._id || former._id === id) return () => {};
  questions[at] = new former.constructor();
  if (api.isInitialized()) questions[at].initialize();
  return () => { questions[at] = former; };
}

// SCORM 1.2 has letters of English alone in the ids of questions. Those of others are escaped; the server knows.
const idOf = (api, id) => ("LMSInitialize" in api ? id.replace(HALVES, "").replace(OTHER_LETTERS, encodeURIComponent) : id);

// The way in which a lesson sets a value, `set`, with times that are finer than hundredths of a second cut to them.
export const forgiving = (api, set) => (element, value, ...more) => {
  if (TIMES.test(element)) return set(element, String(value).replace(HUNDREDTHS, "$1"), ...more);
  const question = QUESTION.exec(element);
  if (!question) return set(element, value, ...more);
  const id = idOf(api, String(value));
  const back = drawnAnew(api, question[1], id);
  const answer = set(element, id, ...more);
  if (answer !== "true") back();
  return answer;
};
