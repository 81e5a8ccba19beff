// What scorm-again 3.4 refuses, or mixes up, of what lessons say that are fine elsewhere.
const QUESTION = /^cmi\.interactions\.(\d+)\.id$/;
const TIMES = /\.(session_time|latency)$/;
const HUNDREDTHS = /(\.\d\d)\d+/;

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

// The way in which a lesson sets a value, `set`, with times that are finer than hundredths of a second cut to them.
export const forgiving = (api, set) => (element, value, ...more) => {
  if (TIMES.test(element)) return set(element, String(value).replace(HUNDREDTHS, "$1"), ...more);
  const question = QUESTION.exec(element);
  if (!question) return set(element, value, ...more);
  const back = drawnAnew(api, question[1], String(value));
  const answer = set(element, value, ...more);
  if (answer !== "true") back();
  return answer;
};
