import type postgres from "postgres";

import type { BreakGlassAccess } from "./breakGlass.ts";
import { listBreakGlass } from "./closeBreakGlass.ts";

/** A temporary access that appeared, ran out, or ended between two looks. */
export interface BreakGlassEvent {
  readonly event: "opened" | "over" | "ended";
  readonly access: BreakGlassAccess;
}

type Lasting = BreakGlassAccess & { readonly state: "open" | "over" };
const isLasting = (access: BreakGlassAccess): access is Lasting => access.state !== "closed";

/** Looks again and again at who was let into a database for a time. */
export class BreakGlassWatch {
  readonly #sql: postgres.Sql;
  #known: ReadonlyMap<string, Lasting>;

  /** `known`: what an earlier watch saw last, so that no event is told twice or lost. */
  constructor(sql: postgres.Sql, known: ReadonlyMap<string, Lasting> = new Map()) {
    this.#sql = sql;
    this.#known = known;
  }

  /** Those that let somebody in, as of the last look. */
  get known(): ReadonlyMap<string, Lasting> {
    return this.#known;
  }

  /** What happened since the last look. */
  async look(now: Date): Promise<BreakGlassEvent[]> {
    const lasting = (await listBreakGlass(this.#sql, now)).filter(isLasting);
    const before = this.#known;
    this.#known = new Map(lasting.map((access) => [access.role, access]));
    const ended = [...before.values()].filter(({ role }) => !this.#known.has(role));
    return [
      ...lasting.flatMap((access): BreakGlassEvent[] => [
        ...(before.has(access.role) ? [] : [{ event: "opened" as const, access }]),
        ...(access.state === "over" && before.get(access.role)?.state !== "over"
          ? [{ event: "over" as const, access }]
          : []),
      ]),
      ...ended.map((access): BreakGlassEvent => ({ event: "ended", access })),
    ];
  }
}
