import { useEffect } from "react";

import { focusContent, isInContent } from "./content.ts";

/** Where the keyboard was, and in which window. */
interface Stop {
  readonly element: HTMLElement;
  readonly dialog: Element | null;
}

/** Stops that are remembered: more than anybody passes in one window. */
const MOST = 200;
/** The library gives the focus back 10 ms after a window closes, where it saw the window open. */
const AFTER_LIBRARY_MS = 30;

/**
 * Gives the keyboard back where a window that had it is gone and nobody else did: to the last place before that window which is still
 * there, else to the content. A window that was there from its first moment, or that goes with what opened it, is not seen closing by the library.
 */
export function useFocusBack(path: string | undefined): void {
  useEffect(() => {
    const stops: Stop[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const remember = ({ target }: FocusEvent): void => {
      if (!(target instanceof HTMLElement)) return;
      stops.push({ element: target, dialog: target.closest("[role=dialog]") });
      if (stops.length > MOST) stops.shift();
    };
    const giveBack = (): void => {
      timer = null;
      if (isGone(stops)) returnAlong(stops);
    };
    const gone = new MutationObserver(() => {
      if (isGone(stops)) timer ??= setTimeout(giveBack, AFTER_LIBRARY_MS);
    });
    document.addEventListener("focusin", remember);
    gone.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", remember);
      gone.disconnect();
      if (timer !== null) clearTimeout(timer);
    };
  }, [path]);
}

/** Whether the keyboard stood in a window that is no more, and stands nowhere now. */
function isGone(stops: readonly Stop[]): boolean {
  const dialog = stops.at(-1)?.dialog;
  return dialog?.isConnected === false && document.activeElement === document.body;
}

function returnAlong(stops: readonly Stop[]): void {
  const open = [...document.querySelectorAll<HTMLElement>("[role=dialog]")].at(-1);
  for (const { element } of stops.toReversed()) {
    if (open?.contains(element) === false) continue;
    element.focus({ preventScroll: true });
    if (document.activeElement === element) return;
  }
  if (open !== undefined) open.focus({ preventScroll: true });
  else if (!isInContent()) focusContent();
}
