/** Whether the browser has what the page is written for, of the newest parts: index.html and README.md name the versions. */
export const isSupported = () =>
  "checkVisibility" in Element.prototype &&
  "toSpliced" in Array.prototype &&
  CSS.supports("selector(:has(a))") &&
  CSS.supports("grid-template-rows", "subgrid");
