// The page on which a lesson is saved for learning without a network.
import { keepLesson } from "./kept.js";

const config = JSON.parse(document.getElementById("keep").textContent);
const bar = document.getElementById("bar");
const failed = document.getElementById("failed");
const state = document.getElementById("keep-state");
let loaded = 0;

async function enoughRoom() {
  const room = await navigator.storage?.estimate?.();
  return !room?.quota || room.quota - room.usage > config.files.bytes * 1.1;
}

async function keep() {
  failed.hidden = true;
  loaded = 0;
  try {
    if (!(await enoughRoom())) throw new DOMException("no room", "QuotaExceededError");
    await navigator.serviceWorker.register("/player-worker.js");
    await navigator.serviceWorker.ready;
    await navigator.storage?.persist?.();
    localStorage.setItem("lesson-here", "1");
    await keepLesson(config, (size) => {
      loaded += size;
      bar.value = loaded;
    });
    bar.value = bar.max;
    // The application's page has the list. Nobody has to tap for that: a lesson that is here and in no list is lost.
    location.replace(config.list);
  } catch (error) {
    state.textContent = error.name === "QuotaExceededError" ? state.dataset.full : state.dataset.failed;
    failed.hidden = false;
    failed.querySelector("button").focus();
  }
}

document.getElementById("retry").addEventListener("click", keep);
keep();
