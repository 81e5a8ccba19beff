/* The final check's outcome: the score, what the host is told, and the last page. */
(function (bdhvs) {
  "use strict";
  const state = bdhvs.memory.state;
  const main = document.querySelector("main");
  const host = bdhvs.host;
  /* The host may demand another pass mark than the lesson's own. */
  const mastery = () => (host.mastery && host.mastery()) || Number(main.dataset.mastery);

  const passed = (score) => score !== null && score >= mastery();

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  bdhvs.ending = {
    passed: () => passed(state.b),

    /* Count the right answers, keep the best score, and tell the host. */
    settle(questions) {
      const right = questions.filter((id) => state.a[id] && state.a[id][1]).length;
      const score = Math.round((100 * right) / questions.length);
      state.b = Math.max(score, state.b === null ? 0 : state.b);
      host.settle(state.b, passed(state.b));
      return { right, total: questions.length, passed: passed(score) };
    },

    /* A pass from before stays a pass, whatever came out this time. */
    draw(section, outcome) {
      const done = passed(state.b);
      const words = outcome.passed ? "Đạt" : "Cần đúng " + Math.ceil((mastery() * outcome.total) / 100) + " câu để đạt";
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
