// A list that is chosen from (language, filters) sends its form by itself; without a script its button does.
export function startSubmitting() {
  for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }
}
