/* One exercise: what is chosen, whether it is right, and what is said about it. */
(function (bdhvs) {
  "use strict";
  const RIGHT = "Đúng rồi!";
  const WRONG = "Chưa đúng";
  const GENEROUS = 2;

  const all = (root, selector) => Array.from(root.querySelectorAll(selector));
  const split = (response) => (response ? response.split(",") : []);

  /* Choosing by radio button or check box */
  function choices(root) {
    const inputs = all(root, "input");
    return {
      get: () => inputs.filter((input) => input.checked).map((input) => input.value),
      put(values) { inputs.forEach((input) => { input.checked = values.includes(input.value); }); },
      lock(on) { inputs.forEach((input) => { input.disabled = on; }); },
      full: (values) => values.length > 0,
      missing: "Bác hãy chọn một câu trả lời trước nhé.",
    };
  }

  /* Touching things one after the other; a second touch takes one back */
  function order(root) {
    const buttons = all(root, ".place");
    let chosen = [];
    let locked = false;
    function draw() {
      buttons.forEach((button) => {
        const place = chosen.indexOf(button.dataset.value) + 1;
        button.setAttribute("aria-pressed", String(place > 0));
        button.querySelector(".number").textContent = place || "";
        button.querySelector(".spoken").textContent = place ? ", thứ " + place : "";
      });
    }
    function touch(value) {
      if (locked) return;
      chosen = chosen.includes(value) ? chosen.filter((one) => one !== value) : chosen.concat(value);
      draw();
    }
    buttons.forEach((button) => button.addEventListener("click", () => touch(button.dataset.value)));
    return {
      get: () => chosen,
      put(values) { chosen = values.slice(); draw(); },
      lock(on) {
        locked = on;
        buttons.forEach((button) => button.setAttribute("aria-disabled", String(on)));
      },
      full: (values) => values.length === buttons.length,
      missing: "Bác hãy chạm lần lượt vào tất cả các việc nhé.",
    };
  }

  bdhvs.exercise = function (section, changed) {
    const root = section.querySelector(".exercise");
    const kind = section.dataset.kind;
    const pattern = root.dataset.right;
    const field = root.dataset.type === "sequencing" ? order(root) : choices(root);
    const verdict = root.querySelector(".verdict");
    const again = root.querySelector(".again");
    const single = root.querySelector("input[type=checkbox]") === null;
    let settled = false;

    /* One answer: its reason is told in the verdict. Several: beside each that was chosen or missed. */
    function explain(values) {
      const because = root.querySelector(".because");
      all(root, ".option").forEach((option) => {
        const isRight = split(pattern).includes(option.dataset.value);
        const isChosen = values.includes(option.dataset.value);
        const why = option.querySelector(".why");
        if (isChosen) option.classList.add(isRight ? "right" : "wrong");
        if (single && isChosen) {
          because.innerHTML = why.innerHTML;
          because.hidden = false;
        }
        why.hidden = single || !isChosen;
      });
    }

    function judge(response, right, tries) {
      settled = true;
      field.lock(true);
      explain(split(response));
      verdict.hidden = false;
      verdict.className = "verdict " + (right ? "right" : "wrong");
      verdict.querySelector(".judgement").textContent = right ? RIGHT : WRONG;
      all(root, ".note").forEach((note) => { note.hidden = (note.dataset.when === "right") !== right; });
      root.querySelector(".solution").hidden = right || (kind === "exercise" && tries < GENEROUS);
      again.hidden = right || kind !== "exercise";
    }

    function reset() {
      settled = false;
      field.lock(false);
      field.put([]);
      verdict.hidden = true;
      root.querySelector(".because").hidden = true;
      all(root, ".why").forEach((why) => { why.hidden = true; });
      all(root, ".option").forEach((option) => option.classList.remove("right", "wrong"));
    }

    again.addEventListener("click", () => {
      reset();
      changed();
    });
    return {
      pattern, reset, verdict,
      type: root.dataset.type,
      missing: field.missing,
      settled: () => settled,
      /* What is chosen as text, or "" while something is missing */
      response: () => (field.full(field.get()) ? field.get().join(",") : ""),
      show(response, right, tries) {
        field.put(split(response));
        judge(response, right, tries);
      },
    };
  };
})(window.bdhvs);
