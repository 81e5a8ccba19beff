/* The final check's outcome: the score, what the host is told, and the last page. */
(function (bdhvs) {
  "use strict";
  const scorm = bdhvs.scorm;
  const state = bdhvs.memory.state;
  const main = document.querySelector("main");
  const mastery = Number(main.dataset.mastery);
  const DONE = ["passed", "completed"];

  const passed = (score) => score !== null && score >= mastery;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  bdhvs.ending = {
    passed: () => passed(state.b),

    /* Count the right answers, keep the best score, and tell the host; a pass is never taken back. */
    settle(questions) {
      const right = questions.filter((id) => state.a[id] && state.a[id][1]).length;
      const score = Math.round((100 * right) / questions.length);
      state.b = Math.max(score, state.b === null ? 0 : state.b);
      scorm.set("cmi.core.score.min", 0);
      scorm.set("cmi.core.score.max", 100);
      scorm.set("cmi.core.score.raw", state.b);
      if (passed(state.b)) scorm.set("cmi.core.lesson_status", "passed");
      else if (!DONE.includes(scorm.get("cmi.core.lesson_status"))) scorm.set("cmi.core.lesson_status", "failed");
      scorm.set("cmi.core.exit", passed(state.b) ? "" : "suspend");
      return { right, total: questions.length, passed: passed(score) };
    },

    /* A pass from before stays a pass, whatever came out this time. */
    draw(section, outcome) {
      const done = passed(state.b);
      const words = outcome.passed ? "Đạt" : "Cần đúng " + Math.ceil((mastery * outcome.total) / 100) + " câu để đạt";
      const old = section.querySelector(".outcome");
      if (old) old.remove();
      const box = element("div", "outcome " + (done ? "right" : "wrong"), "");
      box.append(
        element("p", "points", outcome.right + "/" + outcome.total),
        element("p", "points-words", "câu đúng"),
        element("p", "judgement", done && !outcome.passed ? "Bác đã đạt từ lần trước" : words),
      );
      const heading = section.querySelector("h2");
      heading.textContent = done ? "Bác đã hoàn thành!" : "Bác thử lại nhé!";
      heading.after(box);
      section.classList.toggle("passed", done);
    },
  };

  const result = document.querySelector("[data-kind=result]");
  const own = element("h3", "next-title", result.querySelector("h2").textContent);
  const rest = element("div", "afterwards", "");
  const learned = document.getElementById("learned").content;
  const advice = element("p", "advice", "Bác xem lại bài một lượt, rồi làm lại bài kiểm tra. Làm lại bao nhiêu lần cũng được.");
  rest.append(learned, own);
  Array.from(result.children).filter((part) => part.tagName !== "H2").forEach((part) => rest.append(part));
  result.append(advice, rest);
})(window.bdhvs);
