// The page of a lesson that the next player page opens, where that is not the start page.
const NAME = "lesson-page";

// `files` is where the package's files are; false where nothing can be kept, or the page is none of them.
export function keepPlace({ pathname, search, hash }, files) {
  if (!pathname.startsWith(files)) return false;
  try {
    sessionStorage.setItem(NAME, pathname + search + hash);
    return true;
  } catch {
    return false;
  }
}

// Only once: whoever loads the page anew later begins as usual.
export function placeKept(files) {
  try {
    const kept = sessionStorage.getItem(NAME);
    sessionStorage.removeItem(NAME);
    return kept?.startsWith(files) ? kept : null;
  } catch {
    return null;
  }
}
