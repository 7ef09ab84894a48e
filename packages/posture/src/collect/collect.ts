import type postgres from "postgres";

import { inTransaction } from "../transaction.ts";
import { collectExits } from "./exits.ts";
import { Looking } from "./looking.ts";
import { collectPrivileges } from "./privileges.ts";
import { collectRoles } from "./roles.ts";
import { collectRowSecurity } from "./rowSecurity.ts";
import { collectSamples, type Sampled } from "./samples.ts";
import { collectServer } from "./server.ts";
import { collectSessions } from "./sessions.ts";
import type { Snapshot } from "./snapshot.ts";

export interface SampleOptions {
  /** Which columns of what was found are sampled. */
  readonly choose: (snapshot: Snapshot) => readonly Sampled[];
  /** Rows of each column; 0: all. */
  readonly limit: number;
}

/** What the server and the database say of themselves, in one read-only transaction; nothing is written. */
export async function collectSnapshot(
  sql: postgres.Sql,
  { choose, limit }: SampleOptions,
): Promise<Snapshot> {
  return inTransaction(sql, "isolation level repeatable read read only", async (tx) => {
    await tx.unsafe("set local search_path = pg_catalog; set local statement_timeout = '120s'");
    // A role that row security binds is told so, and does not take what it sees for everything.
    await tx.unsafe("set local row_security = off");
    const looking = new Looking(tx);
    const server = await collectServer(looking);
    const snapshot: Snapshot = {
      ...server,
      ...(await collectRoles(looking, server.server.versionNumber)),
      ...(await collectPrivileges(looking)),
      ...(await collectRowSecurity(looking)),
      ...(await collectExits(looking)),
      ...(await collectSessions(looking)),
      samples: [],
      unseen: [],
    };
    const { relations } = snapshot;
    const samples = await collectSamples(looking, choose(snapshot), { relations, limit });
    return { ...snapshot, samples, unseen: looking.unseen };
  });
}
