import type postgres from "postgres";

import { effectiveAccess, type AccessEdge } from "./access.ts";
import { chooseColumns } from "./checks/encryption.ts";
import { collectSnapshot } from "./collect/collect.ts";
import type { Server, Snapshot, Unseen } from "./collect/snapshot.ts";
import { blindChecks, findFaults, type MendedFinding } from "./findings.ts";
import type { PolicyInUse } from "./policy/approvedPolicy.ts";
import type { PosturePolicy } from "./policy/policy.ts";

/** What one look at a database gave. */
export interface PostureReport {
  readonly server: Server;
  readonly findings: readonly MendedFinding[];
  readonly unseen: readonly Unseen[];
  /** Ids of the checks that could not look. */
  readonly blind: ReadonlySet<string>;
  readonly access: readonly AccessEdge[];
  readonly snapshot: Snapshot;
}

const DEFAULT_ROWS = 1000;

/** Looks at the database that `sql` is connected to, against a declared policy or, with null, against a draft of what is there; with `inUse` also at who approved that policy. Reads only. */
export async function checkPosture(
  sql: postgres.Sql,
  policy: PosturePolicy | null,
  options: { now: Date; inUse?: PolicyInUse | undefined },
): Promise<PostureReport> {
  const snapshot = await collectSnapshot(sql, {
    choose: (seen) => chooseColumns(seen, policy),
    limit: policy?.sampleRows ?? DEFAULT_ROWS,
  });
  return {
    server: snapshot.server,
    findings: findFaults(snapshot, policy, options),
    unseen: snapshot.unseen,
    blind: new Set(blindChecks(snapshot).map(({ id }) => id)),
    access: effectiveAccess(snapshot),
    snapshot,
  };
}
