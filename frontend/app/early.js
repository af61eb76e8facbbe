// A classic script before the style sheet: modules and style sheets need time to load, and this does not
// wait for them. A dark page never flashes white, and a key that is pressed meanwhile is kept.
(() => {
  let chosen = null;
  try {
    const folder = location.pathname.replace(/[^/]*$/, "").slice(1); // as state/memory.js has it
    chosen = JSON.parse(localStorage.getItem(`livenet.${folder}theme`) ?? "null");
  } catch {
    // Storage may be switched off or edited; the system's preference applies instead.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const fallback = dark ? "dark" : "light";
  // `shell/appearance.js` takes over.
  document.documentElement.dataset.theme =
    chosen === "light" || chosen === "dark" ? chosen : fallback;

  /** @type {KeyboardEvent[]} */
  const pressed = [];
  const keep = (/** @type {KeyboardEvent} */ event) => void pressed.push(event);
  document.addEventListener("keydown", keep);
  // `shortcuts.js` takes over.
  Object.assign(globalThis, {
    takeEarlyKeys() {
      document.removeEventListener("keydown", keep);
      return pressed.splice(0);
    },
  });
})();
