// A package on its way to the server: how far it is, and a way to stop it. Without this script the form sends itself.
const MEGABYTE = 1024 * 1024;
const number = (bytes, locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / MEGABYTE);
let running = null; // the request

const leaving = (event) => event.preventDefault(); // the browser asks whether that is meant

// Into sight, and where the keyboard goes on.
function lookAt(element) {
  element.setAttribute("tabindex", "-1");
  element.focus();
}

function start() {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const sending = document.getElementById("sending");
  const problem = sending.parentElement.querySelector("[data-problem]");
  const state = sending.querySelector("[role=status]");
  const words = form.dataset;

  form.addEventListener("submit", (event) => {
    const [file] = form.elements.file.files;
    if (!file) return; // the server says what is missing
    event.preventDefault();
    problem.hidden = true;
    if (file.size > Number(words.largest) * MEGABYTE) say(words.tooLarge.replace("{size}", number(file.size, words.locale)));
    else send();
  });
  sending.querySelector("button").addEventListener("click", () => running?.abort());

  function send() {
    running = new XMLHttpRequest();
    running.open("POST", form.action);
    running.upload.addEventListener("progress", tell);
    running.upload.addEventListener("load", () => { state.textContent = words.checking; });
    running.addEventListener("load", arrived);
    running.addEventListener("error", () => failed(words.failed));
    running.addEventListener("abort", () => failed(words.stopped));
    addEventListener("beforeunload", leaving);
    state.textContent = words.sending;
    tell({ loaded: 0, total: form.elements.file.files[0].size });
    running.send(new FormData(form));
    form.hidden = true;
    sending.hidden = false;
    lookAt(sending);
  }

  function tell({ loaded, total }) {
    const bar = sending.querySelector("progress");
    bar.max = total;
    bar.value = loaded;
    const parts = { "{done}": number(loaded, words.locale), "{total}": number(total, words.locale) };
    sending.querySelector(".app-number").textContent = words.part.replace(/\{\w+\}/g, (name) => parts[name]);
  }

  // Either the task that reads the package, or this page again with what is to be mended.
  function arrived() {
    removeEventListener("beforeunload", leaving);
    const { responseURL, responseText } = running;
    if (new URL(responseURL).pathname !== location.pathname) return location.assign(responseURL);
    const page = new DOMParser().parseFromString(responseText, "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.title = page.title;
    const summary = document.querySelector(".govuk-error-summary");
    if (summary) lookAt(summary);
    start();
  }

  function failed(text) {
    removeEventListener("beforeunload", leaving);
    sending.hidden = true;
    form.hidden = false;
    say(text);
  }

  function say(text) {
    problem.textContent = text;
    problem.hidden = false;
    lookAt(problem);
  }
}

start();
