/** Provides the page's colours to the network's painters. */
import { palette } from "../marks/colors.js";

/**
 * @typedef {{negative: string, positive: string, zero: string, line: string, ink: string,
 *   second: string, page: string, surface: string, font: string, scale: number,
 *   table: Uint32Array<ArrayBuffer>}} NetworkColors `table` has the colour of each quantised value as a
 *   pixel
 */

/** @returns {NetworkColors} those of the present theme */
export function networkColors() {
  const { css, font, scale, table } = palette();
  return {
    negative: css("negative"),
    positive: css("positive"),
    zero: css("zero"),
    line: css("line"),
    ink: css("ink"),
    second: css("second"),
    page: css("page"),
    surface: css("surface"),
    font,
    scale,
    table: table("diverging"),
  };
}
