// The page on the way to a unit: prepares this browser for what may happen to the network, and leads on.
import { startKeeping } from "../offline/playing.js";
import { STATE } from "./asked.js";
import { deliverUnits } from "./sending.js";
import { allSessions, allWaiting, forget, writing } from "./shelf.js";

const PATIENCE = 4_000; // then the unit is opened as it is
const OPEN_FOR = 12 * 3_600_000;

const { unit, files, fileList, documents, whole, ...about } = JSON.parse(document.getElementById("opening").textContent);

async function prepare() {
  await tidy();
  await note((await allWaiting()).length === 0);
  await Promise.all([startKeeping({ files, fileList }), deliverUnits()]);
}

// While something waits to be sent, the states are not yet what they will be: the unit asks for them.
async function note(areRight) {
  const isRight = ({ resource, name }) => areRight || resource !== STATE || name === "LMS.LaunchData";
  const rows = documents.filter(isRight);
  await writing(async (tables) => {
    await tables.sessions.put({ ...about, whole: whole && areRight, opened: Date.now() });
    for (const { resource, name, body, ...rest } of rows) {
      const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
      const known = { session: about.session, place: `${resource} ${name}`, resource, name, seen: rest.etag };
      await tables.documents.put({ ...known, ...rest, body: bytes });
    }
  });
}

// Of sessions that are over nothing stays but what waits.
async function tidy() {
  for (const one of await allSessions()) {
    const isOver = one.registration === about.registration || Date.now() - one.opened > OPEN_FOR;
    if (isOver && one.session !== about.session) await forget(one.session);
  }
}

const enough = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
Promise.race([prepare().catch(() => {}), enough]).then(() => location.replace(unit));
