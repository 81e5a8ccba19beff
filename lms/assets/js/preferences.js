// "Bigger text" and "More contrast". What was chosen is put on <html> before the first paint by the few lines at the
// top of layout/base.html; here are the buttons.
const choices = { text: "large", contrast: "more" };

function remember(name, on) {
  try {
    if (on) localStorage.setItem(name, choices[name]);
    else localStorage.removeItem(name);
  } catch {
    // Without storage (a private window) the choice lasts for this page.
  }
}

export function startPreferences() {
  const root = document.documentElement;
  for (const button of document.querySelectorAll("button[data-preference]")) {
    const name = button.dataset.preference;
    if (!(name in choices)) continue;
    const show = () => button.setAttribute("aria-pressed", String(root.dataset[name] === choices[name]));
    button.addEventListener("click", () => {
      const on = root.dataset[name] !== choices[name];
      if (on) root.dataset[name] = choices[name];
      else delete root.dataset[name];
      remember(name, on);
      show();
    });
    show();
  }
}
