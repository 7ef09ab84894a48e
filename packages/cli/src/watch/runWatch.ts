import { readAlarms, turnPage, type AlarmBook } from "./alarmBook.ts";

/** What a watch needs of the world. */
export interface WatchWorld {
  /** The gate's numbers. */
  readGate(): Promise<string>;
  /** Kinds of what is wrong on this machine now: `backup`, `posture`, `temporary-access`. */
  wrongHere(): readonly string[];
  /** Tells a person of kinds of alarms; whatever fails is told again. */
  tell(kinds: readonly string[]): Promise<void>;
  keep(book: AlarmBook): void;
  monotonic(): number;
  sleep(ms: number): Promise<void>;
  isOver(): boolean;
  onLog(line: string): void;
}

const UNREACHABLE = "unreachable";
const SILENT_MS = 60_000;
const AGAIN_MS = 86_400_000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : "unknown");

/** An alarm that lasts is told once, and once a day while it lasts. */
class Lasting {
  readonly #toldAt = new Map<string, number>();

  /** Those of what lasts now that are due to be told. */
  due(kinds: readonly string[], at: number): string[] {
    for (const kind of this.#toldAt.keys()) if (!kinds.includes(kind)) this.#toldAt.delete(kind);
    const due = kinds.filter((kind) => at - (this.#toldAt.get(kind) ?? -Infinity) >= AGAIN_MS);
    for (const kind of due) this.#toldAt.set(kind, at);
    return due;
  }
}

/** Looks at the gate's alarms until it is over, and has a person told of each that is new. */
export async function runWatch(
  begun: AlarmBook,
  { everyMs, world }: { everyMs: number; world: WatchWorld },
): Promise<AlarmBook> {
  let book = begun;
  let heardAt = world.monotonic();
  const lasting = new Lasting();

  const listen = async (): Promise<void> => {
    try {
      const seen = readAlarms(await world.readGate());
      if (seen === null) throw new Error("the answer holds no alarms of a gate");
      book = turnPage(book, seen);
      heardAt = world.monotonic();
    } catch (error) {
      world.onLog(`the gate's numbers cannot be read: ${reasonOf(error)}`);
    }
  };

  const tell = async (): Promise<void> => {
    if (book.untold.length === 0) return;
    const { untold } = book;
    // Kept first: whoever is cut off while telling tells again.
    world.keep(book);
    try {
      await world.tell(untold);
      book = { ...book, untold: [] };
    } catch (error) {
      world.onLog(`nobody could be told, and it is tried again: ${reasonOf(error)}`);
    }
  };

  while (!world.isOver()) {
    await listen();
    const at = world.monotonic();
    const wrong = [...world.wrongHere(), ...(at - heardAt >= SILENT_MS ? [UNREACHABLE] : [])];
    const due = lasting.due(wrong, at);
    book = { ...book, untold: [...new Set([...book.untold, ...due])].toSorted() };
    await tell();
    world.keep(book);
    if (!world.isOver()) await world.sleep(everyMs);
  }
  return book;
}
