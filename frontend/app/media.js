/** Media queries that scripts and style sheets share. */

/** A phone: the page is one column, or two when it lies on its side, and scrolls. */
export const SMALL = "(max-width: 760px), (max-height: 480px)";

/** A projector or a small laptop: what stands above one another is smaller. */
export const SHORT_SCREEN = "(max-height: 760px)";
