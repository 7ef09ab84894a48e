import { BREAK_GLASS_GROUP, BreakGlassWatch, type BreakGlassEvent } from "@sinetti/posture";
import type postgres from "postgres";

import { breakGlassText } from "./breakGlassText.ts";
import { endOverBreakGlass } from "./endOverBreakGlass.ts";
import type { PostureMetrics } from "./postureMetrics.ts";
import type { PostureTarget } from "./postureTarget.ts";

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

  #tell(event: BreakGlassEvent): void {
    const { database, metrics, onLog } = this.#options;
    if (event.event === "opened") metrics.countBreakGlass(database);
    const isEnded = this.#ends(event.access.role);
    const head = event.event === "ended" ? "" : "ALARM: ";
    onLog(head + breakGlassText(event, { database, isEnded }));
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
