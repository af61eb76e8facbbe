/**
 * Places a floating element beside a place, within its area: to the right if there is room, else to the
 * left, below, above, else wherever it fits.
 */

const GAP = 12;
const MARGIN = 8;

/**
 * @param {HTMLElement} floating @param {HTMLElement} area
 * @param {{x: number, y: number, size: number}} place in the area's own pixels
 */
export function placeBeside(floating, area, place) {
  const { x, y } = positionBeside(
    { width: floating.offsetWidth, height: floating.offsetHeight },
    { width: area.clientWidth, height: area.clientHeight },
    place,
  );
  floating.style.left = `${x}px`;
  floating.style.top = `${y}px`;
}

/**
 * The pure part of `beside`.
 * @param {{width: number, height: number}} own @param {{width: number, height: number}} area
 * @param {{x: number, y: number, size: number}} place
 */
export function positionBeside(own, area, place) {
  const far = place.size / 2 + GAP;
  const most = { x: area.width - own.width - MARGIN, y: area.height - own.height - MARGIN };
  const middle = { x: place.x - own.width / 2, y: place.y - own.height / 2 };
  const choices = [
    { x: place.x + far, y: middle.y, fits: place.x + far <= most.x },
    { x: place.x - far - own.width, y: middle.y, fits: place.x - far - own.width >= MARGIN },
    { x: middle.x, y: place.y + far, fits: place.y + far <= most.y },
    { x: middle.x, y: place.y - far - own.height, fits: place.y - far - own.height >= MARGIN },
  ];
  const best = choices.find((choice) => choice.fits) ?? { x: place.x + far, y: middle.y };
  return { x: clamp(best.x, most.x), y: clamp(best.y, most.y) };
}

/** @param {number} value @param {number} most */
const clamp = (value, most) => Math.round(Math.max(MARGIN, Math.min(value, most)));
