import { readBudget, reconcile } from "@sinetti/client";

import { withRowsKept } from "./keptRows.ts";
import { LOG_LIES } from "./logLies.ts";
import { idBytes, type Stage } from "./stage.ts";

/** What came of the lies of the gate's log. */
export interface LogYields {
  readonly lies: number;
  readonly namedByFsck: number;
  /** Noticed by the device concerned. */
  readonly noticedByDevice: number;
  /** The names of those that neither noticed. */
  readonly unnoticed: readonly string[];
}

/** Openings that the budget counts, before and after root made it forget. */
export interface ForgottenBudget {
  readonly before: number;
  readonly after: number;
}

/** The newest line of the log that stands for a release of a device. */
async function lastLine({ system, colleague }: Stage): Promise<number> {
  const { device } = colleague.client.context.device.owner;
  const [row] = await system.databases.gate<{ idx: string }[]>`
    select max(idx) as idx from log where device = ${idBytes(device)} and kind = 'release'`;
  return Number(row?.idx ?? 0);
}

/** Lies in the log; after each, fsck looks, and the device whose line it is. */
export async function tellLog(stage: Stage): Promise<LogYields> {
  const sql = stage.system.databases.gate;
  const { context } = stage.colleague.client;
  // What was noticed before is not told again.
  const line = await lastLine(stage);
  await reconcile(context);
  const kept = ["log", "log_items", "log_heads"].map((table) => ({ table, where: sql`true` }));
  const counted = { lies: LOG_LIES.length, namedByFsck: 0, noticedByDevice: 0 };
  const unnoticed: string[] = [];
  for (const { name, tell } of LOG_LIES)
    await withRowsKept(sql, kept, async () => {
      await tell({ sql, line });
      const isNamed = (await stage.check()).broken.some(({ table }) => table.startsWith("log"));
      const fresh = await stage.colleague.fresh.start({ hidden: [] });
      const { unknown, missing } = await reconcile(fresh.context);
      const isNoticed = unknown.length + missing.length > 0;
      if (isNamed) counted.namedByFsck++;
      if (isNoticed) counted.noticedByDevice++;
      if (!isNamed && !isNoticed) unnoticed.push(name);
    });
  return { ...counted, unnoticed };
}

const spentOf = async ({ colleague }: Stage): Promise<number> => {
  const classes = await readBudget(colleague.client.context);
  return Math.max(0, ...classes.flatMap(({ horizons }) => horizons.map(({ spent }) => spent)));
};

/** Takes what a member has spent out of the rows that are counted. */
export async function forgetBudget(stage: Stage): Promise<ForgottenBudget> {
  const sql = stage.system.databases.gate;
  const before = await spentOf(stage);
  return withRowsKept(sql, [{ table: "log_items", where: sql`true` }], async () => {
    await sql`update log_items set counted = false`;
    return { before, after: await spentOf(stage) };
  });
}
