/** The icons of the page, drawn on a grid of 16. */

import { html } from "lit-html";

export const playIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true" class="solid">
  <path d="M4 2.6v10.8a.6.6 0 0 0 .9.5l8.6-5.4a.6.6 0 0 0 0-1L4.9 2.1a.6.6 0 0 0-.9.5z" />
</svg>`;

export const pauseIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true" class="solid">
  <rect x="3.5" y="2.5" width="3.2" height="11" rx="1" /><rect x="9.3" y="2.5" width="3.2" height="11" rx="1" />
</svg>`;

export const resetIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <path d="M3.2 5.4A5.6 5.6 0 1 1 2.4 8M2.8 2.2v3.4h3.4" />
</svg>`;

export const themeIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <circle cx="8" cy="8" r="5.6" /><path class="solid" d="M8 2.4a5.6 5.6 0 0 1 0 11.2z" />
</svg>`;

export const screenIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <rect x="1.8" y="2.6" width="12.4" height="8.4" rx="1.4" /><path d="M8 11v2.6M5 13.8h6" />
</svg>`;

export const slidersIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6" /><circle cx="10" cy="4.5" r="1.8" />
  <circle cx="6" cy="11.5" r="1.8" />
</svg>`;

export const closeIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <path d="M4 4l8 8M12 4l-8 8" />
</svg>`;

export const brandMark = html`<svg class="brand-mark" viewBox="0 0 20 20" aria-hidden="true">
  <path class="positive" d="M10 1a9 9 0 0 0 0 18z" /><path class="negative" d="M10 1a9 9 0 0 1 0 18z" />
</svg>`;

export const eyeIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <path d="M1.4 8S3.8 3.6 8 3.6 14.6 8 14.6 8 12.2 12.4 8 12.4 1.4 8 1.4 8z" />
  <circle cx="8" cy="8" r="2" />
</svg>`;

export const personIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <circle cx="8" cy="5.2" r="2.8" /><path d="M2.6 13.6a5.6 5.6 0 0 1 10.8 0" />
</svg>`;

export const pencilIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <path d="M2.8 13.2l.6-3L10.6 3l2.4 2.4-7.2 7.2zM9 4.6L11.4 7" />
</svg>`;

export const pinIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <path d="M5.6 2.4h4.8M6.4 2.4v4L4 9.2h8L9.6 6.4v-4M8 9.2v4.6" />
</svg>`;

export const groupIcon = html`<svg viewBox="0 0 16 16" aria-hidden="true">
  <path d="M2.4 3.4h4.4v3.4H2.4zM9.2 3.4h4.4v3.4H9.2zM2.4 9.2h4.4v3.4H2.4zM9.2 9.2h4.4v3.4H9.2z" />
</svg>`;
