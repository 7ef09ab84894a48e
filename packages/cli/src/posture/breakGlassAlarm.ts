import { BreakGlassWatch, type BreakGlassEvent } from "@sinetti/posture";
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
    const states = [...this.#known.values()].map(({ state }) => state);
    metrics.setBreakGlass(database, states);
    if (states.includes("over")) await this.#end();
    return events.length > 0;
  }

  #tell({ event, access: { role, note, fault } }: BreakGlassEvent): void {
    const { database, metrics, keeper, onLog } = this.#options;
    if (event === "opened") metrics.countBreakGlass(database);
    const who = note === null ? "somebody" : `${note.by}, for ${note.access}, until ${note.until}`;
    const why = note === null ? "" : `: ${note.reason}`;
    const end =
      keeper === undefined || event === "opened"
        ? `; end it: sinetti break-glass close ${role}`
        : "; it is ended now";
    const text = {
      opened: `ALARM: ${database} is open to ${who}, as ${role}${why}${end}`,
      over: `ALARM: ${role} in ${database} is over. ${fault ?? ""}${end}`,
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
