// Sends everything that waits on this origin, by the key that lies with it; used by pages and by the service worker.
import { drop, entries } from "./database.js";
import { send } from "../player/sending.js";

const GONE_ON = ["saved", "superseded", "ended", "refused"];

// `waiting` are entries; `known` maps sessions to addresses for entries without one. Returns how many still wait, and
// calls `arrived` for each that does not.
export async function deliverAll(waiting, known = {}, arrived = () => {}) {
  let left = 0;
  for (const { session, attempt, item } of waiting.sort((one, other) => one.item.at - other.item.at)) {
    const answer = await send(item.deliver ?? known[item.session] ?? null, item);
    if (GONE_ON.includes(answer)) {
      await drop(session, item.seq);
      arrived({ session, attempt, item });
    } else {
      left += 1;
    }
  }
  return left;
}

export const deliverFromHere = async (arrived) => deliverAll(await entries(), {}, arrived);
