// A classic script that runs before the first paint, so that a dark page never flashes white.
// Not a module: modules wait until the document has been parsed. `shell/appearance.js` takes over.
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
  document.documentElement.dataset.theme =
    chosen === "light" || chosen === "dark" ? chosen : fallback;
})();
