import { BREAK_GLASS_GROUP, BreakGlassWatch, type BreakGlassEvent } from "@sinetti/posture";
import type postgres from "postgres";

import { endOverBreakGlass } from "./endOverBreakGlass.ts";
import type { PostureMetrics } from "./postureMetrics.ts";
import type { PostureTarget } from "./postureTarget.ts";
import { plain } from "./postureText.ts";

export interface BreakGlassAlarmOptions {
  readonly database: string;
  /** The same database as its superuser, who ends what is over; undefined: somebody else does. */
  readonly keeper: PostureTarget | undefined;
  readonly metrics: PostureMetrics;
  readonly onLog: (line: string) => void;
  readonly now: () => Date;
}

/** Says when somebody is let into a database for a time, when the hours are over and when it has ended; ends it where it may. */
export class BreakGlassAlarm {
  readonly #options: BreakGlassAlarmOptions;
  #known: BreakGlassWatch["known"] = new Map();
  #isStuck = false;

  constructor(options: BreakGlassAlarmOptions) {
    this.#options = options;
  }

  /** Looks once; whether anything has happened. */
  async look(sql: postgres.Sql): Promise<boolean> {
    const { database, metrics, now } = this.#options;
    const watch = new BreakGlassWatch(sql, this.#known);
    const events = await watch.look(now());
    this.#known = watch.known;
    for (const event of events) this.#tell(event);
    const known = [...this.#known.values()];
    metrics.setBreakGlass(
      database,
      known.map(({ state }) => state),
    );
    if (known.some(({ state, role }) => state === "over" && this.#ends(role))) await this.#end();
    return events.length > 0;
  }

  /** A role that its comment alone makes one is left to a person. */
  #ends(role: string): boolean {
    return this.#options.keeper !== undefined && role.startsWith(BREAK_GLASS_GROUP);
  }

  #tell({ event, access: { role, note, fault } }: BreakGlassEvent): void {
    const { database, metrics, onLog } = this.#options;
    if (event === "opened") metrics.countBreakGlass(database);
    const who = note === null ? "somebody" : `${note.by}, for ${note.access}, until ${note.until}`;
    const why = note === null ? "" : `: ${note.reason}`;
    const end = `end it: sinetti break-glass close ${role}`;
    const text = {
      opened: `ALARM: ${database} is open to ${who}, as ${role}${why}; ${end}`,
      over: `ALARM: ${database} is still open as ${role}. ${fault ?? ""} ${this.#ends(role) ? "It is ended now" : `Nobody ends it by itself; ${end}`}`,
      ended: `ended: ${role} lets nobody into ${database} any more`,
    }[event];
    onLog(plain(text));
  }

  async #end(): Promise<void> {
    const { keeper, now, onLog } = this.#options;
    if (keeper === undefined) return;
    try {
      await endOverBreakGlass([keeper], { now: now(), onLog });
      this.#isStuck = false;
    } catch (error) {
      const why = error instanceof Error ? error.message : "unknown";
      if (!this.#isStuck)
        onLog(`ALARM: a temporary access to ${keeper.name} could not be ended: ${why}`);
      this.#isStuck = true;
    }
  }
}
