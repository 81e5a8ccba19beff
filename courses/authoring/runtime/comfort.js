/* Reading aloud, bigger text, more contrast. */
(function (bdhvs) {
  "use strict";
  const READABLE = "h2, h3, p, li, label";
  const PATIENCE = 3000;
  const NO_VOICE = "Máy này chưa có giọng đọc tiếng Việt. Bác đọc chữ trên màn hình nhé.";
  const voice = window.speechSynthesis;
  const button = document.getElementById("speak");
  let waiting = 0;
  let reading = [];

  function remembered(name) {
    try {
      return window.localStorage.getItem("bdhvs." + name);
    } catch (refused) {
      return null;
    }
  }

  function remember(name, on) {
    try {
      window.localStorage.setItem("bdhvs." + name, on ? "1" : "0");
    } catch (refused) { /* private browsing: the choice holds for this page */ }
  }

  function toggle(name, wanted) {
    const control = document.getElementById(name);
    function apply(on) {
      document.documentElement.classList.toggle(name, on);
      control.setAttribute("aria-pressed", String(on));
    }
    const kept = remembered(name);
    apply(kept === null ? wanted : kept === "1");
    control.addEventListener("click", () => {
      const on = control.getAttribute("aria-pressed") !== "true";
      apply(on);
      remember(name, on);
    });
  }

  function label(text, on) {
    button.querySelector("span").textContent = text;
    button.classList.toggle("on", on);
  }

  function hush() {
    clearTimeout(waiting);
    reading.forEach((part) => part.classList.remove("spoken-now"));
    reading = [];
    label("Nghe đọc", false);
    if (voice) voice.cancel();
  }

  function fail() {
    hush();
    bdhvs.notice(NO_VOICE);
  }

  function parts() {
    const visible = (part) => part.getClientRects().length > 0 && part.textContent.trim() !== "";
    const outermost = (part) => !part.parentElement.closest(READABLE);
    const unseen = (part) => part.closest(".unseen") !== null;
    const found = document.querySelectorAll(".step:not([hidden]) " + READABLE.split(", ").join(", .step:not([hidden]) "));
    return Array.from(found).filter((part) => visible(part) && outermost(part) && !unseen(part));
  }

  function utter(part, vietnamese, last) {
    const words = new SpeechSynthesisUtterance(part.textContent.replace(/\s+/g, " ").trim());
    words.lang = "vi-VN";
    words.rate = 0.9;
    if (vietnamese) words.voice = vietnamese;
    words.onstart = () => {
      clearTimeout(waiting);
      part.classList.add("spoken-now");
    };
    words.onend = () => {
      part.classList.remove("spoken-now");
      if (last && reading.includes(part)) hush();
    };
    words.onerror = (event) => { if (!["interrupted", "canceled"].includes(event.error)) fail(); };
    voice.speak(words);
  }

  function read() {
    const voices = voice.getVoices();
    const vietnamese = voices.find((one) => /^vi/i.test(one.lang));
    if (voices.length && !vietnamese) {
      fail();
      return;
    }
    reading = parts();
    label("Dừng đọc", true);
    waiting = setTimeout(fail, PATIENCE);
    reading.forEach((part, index) => utter(part, vietnamese, index === reading.length - 1));
  }

  toggle("bigger", false);
  toggle("contrast", window.matchMedia("(prefers-contrast: more)").matches);
  if (voice && window.SpeechSynthesisUtterance) {
    voice.getVoices();
    button.addEventListener("click", () => (reading.length ? hush() : read()));
    window.addEventListener("pagehide", hush);
  } else {
    button.hidden = true;
  }
  bdhvs.hush = hush;
})(window.bdhvs);
