// A button that opens the browser's print window.
export function startPrinting() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.addEventListener("click", () => print());
  }
}
