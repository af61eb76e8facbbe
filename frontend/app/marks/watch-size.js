/**
 * Watches an element's size: calls back with the size of its content, in CSS pixels, at first and after each change.
 *
 * The callback runs in the next animation frame, with the newest size. A resize observer that changed the
 * layout itself would make other observers' sizes out of date in the same frame, which browsers report as an
 * error ("ResizeObserver loop completed with undelivered notifications").
 *
 * @param {Element} element
 * @param {(size: {width: number, height: number}) => void} changed may change the layout
 * @returns {() => void} ends it
 */
export function watchSize(element, changed) {
  let frame = 0;
  /** @type {DOMRectReadOnly | undefined} */
  let newest;
  const observer = new ResizeObserver((entries) => {
    newest = entries.at(-1)?.contentRect;
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (newest) changed(newest);
    });
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
  };
}
