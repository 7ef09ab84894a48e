/** What runs inside the page, sent there as text: nothing from outside a function may be used in it. */

interface PageElement {
  click(): void;
}
declare const document: {
  readonly body: PageElement;
  querySelector(selector: string): PageElement | null;
};
declare const MutationObserver: new (seen: () => void) => {
  observe(on: PageElement, what: { childList: true; subtree: true }): void;
  disconnect(): void;
};
declare const requestAnimationFrame: (painted: () => void) => void;
declare const addEventListener: (
  type: "keydown",
  heard: (event: { readonly timeStamp: number }) => void,
  isCapture: true,
) => void;
declare const performance: { now(): number };

/** Clicks on something and waits until something else stands there and is painted; milliseconds. */
export function clickUntilShown([target, awaited]: readonly [string, string]): Promise<number> {
  const element = document.querySelector(target);
  if (element === null) throw new TypeError("there is nothing to click on");
  if (document.querySelector(awaited) !== null) throw new TypeError("it is there already");
  return new Promise((resolve) => {
    let from = 0;
    const look = (): void => {
      if (document.querySelector(awaited) === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - from)));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    from = performance.now();
    element.click();
    look();
  });
}

/** From now on notes how long each key takes until what it changed is painted. */
export function watchKeys(): void {
  const times: number[] = [];
  Object.assign(globalThis, { keyTimes: times });
  addEventListener(
    "keydown",
    ({ timeStamp }) =>
      requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - timeStamp))),
    true,
  );
}

/** What was noted since it was last asked; milliseconds. */
export function takeKeyTimes(): number[] {
  const { keyTimes } = globalThis as unknown as { keyTimes: number[] };
  return keyTimes.splice(0);
}
