// The pages of a lesson lead each other where they like, from one frame to another. What they want of this page
// (“top.location”, a link to “_top”) is meant of a window of their own, which is the lesson's frame here: browsers that
// can hold a navigation lead it there, so that the learner is not without a way to save, and to come back.
const { result } = JSON.parse(document.getElementById("player").textContent);
const STEPS = ["push", "replace"];

// The ways out of this page: to its result, where its links lead, and to other lessons.
function isOurs({ href, origin, pathname }) {
  const exits = [new URL(result, location.href), ...document.links].map((exit) => exit.href);
  return exits.includes(href) || (origin === location.origin && pathname.startsWith("/play/"));
}

const bare = (address) => address.split("#")[0];

function isShown(frame, address) {
  try {
    return bare(frame.contentWindow.location.href) === bare(address);
  } catch {
    return false; // a page of another site
  }
}

export function keepHere(frame) {
  globalThis.navigation?.addEventListener("navigate", (event) => {
    const { destination, navigationType, userInitiated } = event;
    if (destination.sameDocument || !STEPS.includes(navigationType)) return;
    const wanted = new URL(destination.url);
    if (isOurs(wanted)) return;
    event.preventDefault();
    if (document.body.classList.contains("is-leaving")) return;
    const isOfLesson = wanted.origin === location.origin && wanted.pathname.startsWith("/content/");
    if (isOfLesson && !isShown(frame, wanted.href)) frame.contentWindow.location.href = wanted.href;
    if (!isOfLesson && userInitiated && wanted.protocol.startsWith("http")) open(wanted.href, "_blank", "noopener");
  });
}
