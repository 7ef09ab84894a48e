/** The id of what stands beside the navigation. */
export const CONTENT = "content";

/** Puts the keyboard into the content of the screen, where it would otherwise stand nowhere. */
export function focusContent(): void {
  document.getElementById(CONTENT)?.focus({ preventScroll: true });
}

/** Whether the keyboard is in the content of the screen. */
export function isInContent(): boolean {
  return document.getElementById(CONTENT)?.contains(document.activeElement) === true;
}
