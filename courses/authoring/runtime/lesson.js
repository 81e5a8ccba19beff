/* One step at a time: showing, answering, going on, and leaving. */
(function (bdhvs) {
  "use strict";
  const host = bdhvs.host;
  const memory = bdhvs.memory;
  const state = memory.state;
  const byId = (id) => document.getElementById(id);
  const [next, back, notice, hint] = ["next", "back", "notice", "hint"].map(byId);
  const PREVIEW = "Đang xem thử: kết quả không được lưu";
  const SILENT = "Chưa nối được với nơi lưu kết quả. Bác đóng bài rồi mở lại nhé.";
  const AGAIN = "Bác học tiếp từ chỗ đã dừng nhé.";
  const LITTLE = 40;
  let at = 0;
  let shownAt = Date.now();

  const steps = Array.from(document.querySelectorAll(".step")).map((section) => ({
    id: section.dataset.step,
    kind: section.dataset.kind,
    section,
    exercise: section.querySelector(".exercise") ? bdhvs.exercise(section, retried) : null,
  }));
  const ids = steps.map((step) => step.id);
  const questions = steps.filter((step) => step.kind === "question");
  const parts = steps.filter((step) => step.kind !== "question" && step.kind !== "result");
  const check = parts[parts.length - 1];
  const result = steps[steps.length - 1];
  const partOf = (step) => (parts.includes(step) ? step : check);

  function say(place, text) {
    place.textContent = text;
    place.hidden = text === "";
  }

  bdhvs.notice = (text) => say(notice, text);
  bdhvs.silent = () => bdhvs.notice(SILENT);

  function label() {
    const step = steps[at];
    if (step.kind === "result") return bdhvs.ending.passed() ? "Xem lại bài" : "Làm lại kiểm tra";
    if (step.exercise && !step.exercise.settled()) return "Trả lời";
    if (at === 0) return "Bắt đầu học";
    if (step === check) return "Làm kiểm tra";
    return step === questions[questions.length - 1] ? "Xem kết quả" : "Tiếp tục";
  }

  function drawButtons() {
    const ended = steps[at].kind === "result";
    next.textContent = label();
    next.classList.toggle("quiet", ended && bdhvs.ending.passed());
    back.textContent = ended ? otherWay() : "Quay lại";
    back.hidden = at === 0 || back.textContent === "";
    say(hint, "");
  }

  /* The second thing that one can do at the end */
  function otherWay() {
    if (!bdhvs.ending.passed()) return "Xem lại bài";
    return state.b < 100 ? "Làm lại kiểm tra" : "";
  }

  function drawProgress() {
    const number = parts.indexOf(partOf(steps[at])) + 1;
    const ended = steps[at].kind === "result";
    byId("position").textContent = ended ? "Kết quả" : "Phần " + number + "/" + parts.length;
    byId("bar").firstElementChild.setAttribute("width", String((100 * at) / (steps.length - 1)));
  }

  /* Whoever does not know about scrolling sees that there is more. */
  function drawMore() {
    const page = document.documentElement;
    byId("more").hidden = page.scrollHeight - page.clientHeight - window.scrollY < LITTLE;
  }

  function partStatus(part) {
    if (ids.indexOf(part.id) < ids.indexOf(state.f)) {
      if (part !== check) return "completed";
      return state.b === null ? "incomplete" : bdhvs.ending.passed() ? "passed" : "failed";
    }
    return part.id === state.f ? "incomplete" : "not attempted";
  }

  const tellParts = () => host.parts(parts.map((part) => [part.id, partStatus(part)]));

  function show(index, quietly) {
    at = index;
    shownAt = Date.now();
    state.s = ids[at];
    if (ids.indexOf(state.f) < at) state.f = state.s;
    bdhvs.hush();
    if (steps[at] === result) bdhvs.ending.draw(result.section, settle());
    steps.forEach((step) => { step.section.hidden = step !== steps[at]; });
    drawProgress();
    drawButtons();
    window.scrollTo(0, 0);
    drawMore();
    if (!quietly) steps[at].section.querySelector("h2").focus({ preventScroll: true });
    tellParts();
    memory.save();
  }

  const settle = () => bdhvs.ending.settle(questions.map((step) => step.id));

  function answer(step) {
    const response = step.exercise.response();
    if (response === "") {
      say(hint, step.exercise.missing);
      return;
    }
    const right = response === step.exercise.pattern;
    const kept = memory.answer(step.id, response, right);
    host.answered({
      id: step.id, part: partOf(step).id, type: step.exercise.type, pattern: step.exercise.pattern,
      response, right, latency: Date.now() - shownAt,
    });
    step.exercise.show(response, right, kept[2]);
    drawButtons();
    step.exercise.verdict.focus({ preventScroll: true });
    step.exercise.verdict.scrollIntoView({ block: "nearest" });
    drawMore();
    memory.save();
  }

  function retried() {
    shownAt = Date.now();
    drawButtons();
    drawMore();
    const first = steps[at].section.querySelector("input, .place");
    first.focus();
  }

  function retryCheck() {
    questions.forEach((step) => {
      memory.forget(step.id);
      step.exercise.reset();
    });
    show(steps.indexOf(questions[0]));
  }

  function goOn() {
    const step = steps[at];
    if (notice.textContent === AGAIN) say(notice, "");
    if (step === result) {
      if (bdhvs.ending.passed()) show(0);
      else retryCheck();
    } else if (step.exercise && !step.exercise.settled()) answer(step);
    else show(at + 1);
  }

  function goBack() {
    if (steps[at] !== result) show(at - 1);
    else if (bdhvs.ending.passed()) retryCheck();
    else show(0);
  }

  function begin(connection) {
    const resumed = memory.load(ids);
    if (connection === "preview") bdhvs.notice(PREVIEW);
    if (connection === "silent") bdhvs.silent();
    byId("leave").hidden = !host.leave || !host.leaving();
    steps.filter((step) => step.exercise && state.a[step.id]).forEach((step) => {
      const [response, right, tries] = state.a[step.id];
      step.exercise.show(response, right === 1, tries);
    });
    if (resumed && state.s !== result.id) bdhvs.notice(AGAIN);
    document.documentElement.classList.add("playing");
    show(resumed ? ids.indexOf(state.s) : 0, true);
  }

  next.addEventListener("click", goOn);
  back.addEventListener("click", goBack);
  byId("leave").addEventListener("click", () => host.leave());
  window.addEventListener("scroll", drawMore, { passive: true });
  window.addEventListener("resize", drawMore);
  document.addEventListener("visibilitychange", () => { if (document.hidden) memory.save(); });
  window.addEventListener("pagehide", () => host.finish());
  /* A page that the browser kept and shows again has already said goodbye to its host. */
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  host.connect(begin);
})(window.bdhvs);
