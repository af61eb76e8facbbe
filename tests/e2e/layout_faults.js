/**
 * What is wrong with the page's layout, in words: evaluated in the page by test_layout.py.
 *
 * Interactive elements must not overlap, nor be cut off where nobody can scroll to them; numbers, titles and
 * buttons must not lose letters.
 */
() => {
  const INTERACTIVE =
    'button, a[href], input, select, textarea, summary, [role="slider"], [role="tab"], [role="radio"]';
  /** Beside these, what nothing may cover. */
  const SOLID = `${INTERACTIVE}, .owner, .readouts .figure`;
  const WORDS = "h1, h2, h3, button, output, dd, dt, strong, th, .run-card .open > *, [role='tab']";
  const SLACK = 1.5; // CSS pixels: borders touch

  const name = (element) => {
    const label = element.getAttribute("aria-label") || element.innerText || element.id || element.className;
    return `${element.tagName.toLowerCase()} "${String(label).trim().replace(/\s+/g, " ").slice(0, 40)}"`;
  };
  const visible = (element) => {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1;
  };
  const scrolls = (style, axis) => ["auto", "scroll"].includes(style[`overflow${axis}`]);
  const hides = (style, axis) => style[`overflow${axis}`] !== "visible";

  /** The part of a box that is on screen now, and the part that no scrolling brings there. */
  const shown = (element) => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    const lost = { x: 0, y: 0 };
    let fixed = getComputedStyle(element).position === "fixed";
    for (let at = element.parentElement; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (fixed || style.display === "contents") continue;
      fixed = style.position === "fixed";
      if (at === document.body) continue;
      const box = at.getBoundingClientRect();
      if (hides(style, "X")) {
        if (!scrolls(style, "X")) lost.x = Math.max(lost.x, box.left - left, right - box.right);
        [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      }
      if (hides(style, "Y")) {
        if (!scrolls(style, "Y")) lost.y = Math.max(lost.y, box.top - top, bottom - box.bottom);
        [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
      }
    }
    const page = document.scrollingElement;
    const wide = Math.max(innerWidth, page.clientWidth);
    lost.x = Math.max(lost.x, -left - scrollX, right + scrollX - wide);
    const scrollable = getComputedStyle(document.body).overflowY === "visible";
    if (!scrollable) lost.y = Math.max(lost.y, -top, bottom - innerHeight);
    return { left, top, right: Math.min(right, wide), bottom, lost };
  };
  const layer = (element) => element.closest("#top, #notices, .transport, dialog, #messages, #views");

  const faults = [];
  const found = [...document.querySelectorAll(SOLID)].filter((one) => visible(one) && !one.matches(".skip-link"));
  const boxes = found.map((element) => ({ element, box: shown(element) }));
  for (const { element, box } of boxes) {
    const { x, y } = box.lost;
    if (x > SLACK && box.right > box.left) faults.push(`${name(element)} is cut off by ${Math.round(x)} px across`);
    if (y > SLACK && box.bottom > box.top) faults.push(`${name(element)} is cut off by ${Math.round(y)} px down`);
    if (box.right <= box.left && x > SLACK) faults.push(`${name(element)} is outside, where no scrolling reaches`);
  }
  const onScreen = boxes.filter(({ box }) => box.right - box.left > SLACK && box.bottom - box.top > SLACK);
  onScreen.forEach(({ element: a, box: one }, i) => {
    for (const { element: b, box: other } of onScreen.slice(i + 1)) {
      if (a.contains(b) || b.contains(a) || layer(a) !== layer(b)) continue;
      if (a.closest("label") && a.closest("label") === b.closest("label")) continue;
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > SLACK && down > SLACK) {
        faults.push(`${name(a)} and ${name(b)} overlap by ${Math.round(across)} × ${Math.round(down)} px`);
      }
    }
  });
  for (const element of [...document.querySelectorAll(WORDS)].filter(visible)) {
    const style = getComputedStyle(element);
    if (style.overflowX === "visible" || element.closest(".katex")) continue;
    if (scrolls(style, "X")) continue;
    const over = element.scrollWidth - element.clientWidth;
    if (over > SLACK) faults.push(`${name(element)} loses ${over} px of its words`);
  }
  const page = document.scrollingElement;
  const over = page.scrollWidth - innerWidth;
  if (over > SLACK) faults.push(`the page is ${over} px wider than the window`);
  return [...new Set(faults)];
}
