// Buttons that copy a text of the page; without a script, or where copying is not allowed, they are not there.
export function startCopying() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    const told = button.parentElement.querySelector("[data-copied]");
    if (!source) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copy(source);
      if (told) told.textContent = done ? told.dataset.copied : told.dataset.failed;
    });
  }
}

async function copy(source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    // An address without https has no clipboard: the text is selected and copied as by hand.
    getSelection().selectAllChildren(source);
    return document.execCommand("copy");
  }
}
