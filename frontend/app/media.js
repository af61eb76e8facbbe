/** Media queries that scripts and style sheets share. */

/** A phone: the page is one column, or two in landscape, and scrolls. */
export const SMALL = "(max-width: 760px), (max-height: 480px)";

/** A projector or a small laptop: stacked parts are smaller. */
export const SHORT_SCREEN = "(max-height: 800px)";
