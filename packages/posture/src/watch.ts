import type postgres from "postgres";

import { copyingName } from "./checks/extraction.ts";
import { SEES_SESSIONS, SESSIONS } from "./collect/sessions.ts";
import type { Session } from "./collect/snapshot.ts";

/** Somebody began or ended to copy data out, between two looks. */
export interface CopyEvent {
  readonly event: "begun" | "ended";
  readonly pid: number;
  readonly kind: NonNullable<Session["copies"]>;
  /** Role, database and program. */
  readonly object: string;
  readonly address: string | null;
  /** The statement that ends it. */
  readonly mend: string;
}

/** The role may not see the sessions of others: it would look for ever and see nobody. */
export class SessionsUnseenError extends Error {
  override readonly name = "SessionsUnseenError";
  readonly code = "sessions-unseen";

  constructor() {
    super("this role may not see the sessions of others: GRANT pg_read_all_stats TO it");
  }
}

type Copying = Session & { readonly copies: NonNullable<Session["copies"]> };

const eventOf = (event: CopyEvent["event"], session: Copying): CopyEvent => ({
  event,
  pid: session.pid,
  kind: session.copies,
  object: copyingName(session),
  address: session.address,
  mend: `SELECT pg_terminate_backend(${session.pid});`,
});

/** Looks again and again at who copies data out. */
export class CopyWatch {
  readonly #sql: postgres.Sql;
  #known = new Map<string, Copying>();

  constructor(sql: postgres.Sql) {
    this.#sql = sql;
  }

  /** What began and ended since the last look. Error: SessionsUnseenError. */
  async look(): Promise<CopyEvent[]> {
    const [may] = await this.#sql.unsafe<{ seen: boolean }[]>(SEES_SESSIONS);
    if (may?.seen !== true) throw new SessionsUnseenError();
    const rows = await this.#sql.unsafe<{ row: Session }[]>(
      `select to_jsonb(found) as row from (${SESSIONS}) found`,
    );
    const now = new Map(
      rows
        .map(({ row }) => row)
        .filter((row): row is Copying => row.copies !== null)
        .map((row) => [`${row.pid} ${copyingName(row)}`, row]),
    );
    const before = this.#known;
    this.#known = now;
    return [
      ...[...now].filter(([key]) => !before.has(key)).map(([, one]) => eventOf("begun", one)),
      ...[...before].filter(([key]) => !now.has(key)).map(([, one]) => eventOf("ended", one)),
    ];
  }
}
