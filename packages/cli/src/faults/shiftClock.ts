import { readFileSync } from "node:fs";

/** Puts the wall clock of this process as many seconds off as a file says, whenever it is asked; the monotonic clock goes on as it is. */
export function shiftClock(file: string): void {
  const Wall = Date;
  const now = Wall.now.bind(Wall);
  const shifted = (): number => now() + Number(readFileSync(file, "utf8")) * 1000;
  globalThis.Date = new Proxy(Wall, {
    construct: (target, given: readonly unknown[], self: new () => Date) =>
      Reflect.construct(target, given.length === 0 ? [shifted()] : given, self),
    get: (target, name, self) => (name === "now" ? shifted : Reflect.get(target, name, self)),
  });
}
