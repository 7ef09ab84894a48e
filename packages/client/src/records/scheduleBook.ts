import { hexToBytes, parseId, type Secret, type SiteId } from "@sinetti/core";
import { importKeyFromBytes } from "@sinetti/core/secret";
import {
  CARRIED_KEY,
  bookingsOf,
  instantToLocalTime,
  type Booking,
  type Carried,
  type ScheduleValue,
} from "@sinetti/practice";
import type { Client } from "../client.ts";
import { ClientError, isRefusal } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { filesThere } from "../filesThere.ts";
import { openFiles } from "../openFiles.ts";
import { openDirectory, sites, type Directory } from "./directory.ts";
import { changeManyFolded, foldOpened, type FoldedChange, type FoldedFile } from "./folded.ts";
import { tryCreate } from "./importGroup.ts";
import { lastOf } from "./months.ts";
import { scheduleFile, scheduleWish, therapistsOf } from "./schedule.ts";

/** Which site's calendar, and the zone that it is read in. */
export interface CalendarPlace {
  /** Null: the practice's first. */
  readonly site: SiteId | null;
  readonly zone: string;
}

/** Changes by month. */
export type MonthChanges = ReadonlyMap<string, readonly FoldedChange<"schedule">[]>;

const TRIES = 8;

/** The schedules of one site as this device has opened them, month by month. */
export class ScheduleBook {
  readonly client: Client;
  readonly site: SiteId;
  /** The day where the practice is. */
  readonly today: string;
  readonly directory: Directory;
  readonly #key: Secret<"import-key">;
  readonly #open = new Map<string, FoldedFile<"schedule">>();
  /** Months whose schedule is there, but not this member's to open. */
  readonly closed = new Set<string>();

  private constructor(
    client: Client,
    place: { site: SiteId; today: string; directory: Directory },
  ) {
    this.client = client;
    this.site = place.site;
    this.today = place.today;
    this.directory = place.directory;
    const practice = place.directory.values.get("practice");
    if (practice?.kind !== "practice")
      throw new ClientError("not-ready", { detail: "the directory names no practice" });
    this.#key = importKeyFromBytes(hexToBytes(practice.importKey));
  }

  /** The book of a site, nothing of it open yet. */
  static async of(
    client: Client,
    { site, zone }: CalendarPlace,
    known?: Directory,
  ): Promise<ScheduleBook> {
    const directory = known ?? (await openDirectory(client.context));
    const found = sites(directory).find(({ id }) => site === null || id === site);
    if (found === undefined) throw new ClientError("input-rejected", { detail: "site: unknown" });
    const now = client.context.world.clock.now() * 1000;
    const today = instantToLocalTime(now, zone).slice(0, 10);
    return new ScheduleBook(client, { site: parseId<SiteId>(found.id), today, directory });
  }

  /** What a month holds; undefined: it is not there, or not open. */
  values(month: string): ReadonlyMap<string, ScheduleValue> | undefined {
    return this.#open.get(month)?.values;
  }

  /** The open schedule of a month. */
  file(month: string): KnownFile | undefined {
    return this.#open.get(month)?.file;
  }

  /** The months that are open, in order. */
  get months(): string[] {
    return [...this.#open.keys()].sort();
  }

  #ref(month: string): { file: ReturnType<typeof scheduleFile>; vault: "who" } {
    return { file: scheduleFile(this.#key, { site: this.site, month }), vault: "who" };
  }

  /** Opens months with one request to the gate; one that nobody has made yet is left out. */
  async open(months: readonly string[]): Promise<void> {
    const { context } = this.client;
    const wanted = [...new Set(months)].filter((month) => !this.#open.has(month));
    const refs = wanted.map((month) => ({ ...this.#ref(month), month }));
    await this.#unlock((await filesThere(context, refs)).map(({ month }) => month));
  }

  async #unlock(months: readonly string[]): Promise<void> {
    const { context } = this.client;
    const refs = months.map((month) => this.#ref(month));
    const opened =
      refs.length === 0 ? [] : await openFiles(context, refs, { purpose: "scheduling" });
    for (const [index, { file }] of opened.entries()) {
      const month = months[index] ?? "";
      if (file === null) this.closed.add(month);
      else this.#open.set(month, foldOpened(context, file, "schedule"));
    }
  }

  /** Reads what others have written since. */
  async reopen(): Promise<void> {
    await this.#unlock(this.months);
  }

  /** Opens months, and makes those that are not there yet; one that is a colleague's alone is `closed` then. */
  async make(months: readonly string[]): Promise<void> {
    await this.open(months);
    for (const month of months) {
      if (this.#open.has(month) || this.closed.has(month)) continue;
      const { file } = this.#ref(month);
      const therapists = therapistsOf(this.client.practice, this.directory, this.site);
      const wish = scheduleWish(this.client, { file, site: this.site, therapists });
      await tryCreate(this.client, [wish]);
      await this.open([month]);
      if (!this.#open.has(month)) this.closed.add(month);
    }
  }

  /** Error: `refused` where a month is not open here. */
  need(months: readonly string[]): void {
    const shut = months.find((month) => !this.#open.has(month));
    if (shut !== undefined)
      throw new ClientError("refused", { detail: `the schedule of ${shut} is not granted` });
  }

  /** The mark that a month holds the series that touch it; undefined: it does not yet. */
  carried(month: string): Carried | undefined {
    const value = this.#open.get(month)?.values.get(CARRIED_KEY);
    return value?.kind === "carried" ? value : undefined;
  }

  /**
   * Writes what `decide` makes of the open months, in one request, all or none, and only if nobody has written meanwhile: else it
   * is decided again by what holds now. Null from `decide`: nothing is written.
   */
  async write<T>(decide: () => Promise<{ changes: MonthChanges | null; result: T }>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const { changes, result } = await decide();
      if (changes === null) return result;
      const wishes = [...changes].map(([month, list]) => {
        const folded = this.#open.get(month);
        if (folded === undefined) throw new TypeError("a month is written that is not open");
        return { folded, changes: list };
      });
      try {
        await changeManyFolded(this.client.context, wishes, {
          compartment: "schedule",
          isExact: true,
        });
        return result;
      } catch (error) {
        if (!isRefusal(error, "conflict", "broken-chain") || tries >= TRIES) throw error;
        await this.reopen();
      }
    }
  }

  /** What the open months hold between two dates, both included. */
  bookings(from: string, to: string): Booking[] {
    return this.months.flatMap((month) => {
      const first = `${month}-01`;
      const within = {
        from: from > first ? from : first,
        to: to < lastOf(month) ? to : lastOf(month),
      };
      return within.from > within.to ? [] : bookingsOf(this.values(month) ?? new Map(), within);
    });
  }
}
