import { giveOrder, requestRelease, type KnownFile } from "@sinetti/client";
import { accessStateShape, decodeShape, encodeShape, epochAt } from "@sinetti/core";

import { judge, seeFile, seeFiles, type Attempt, type Seen } from "./attempt.ts";
import { withRowsKept } from "./keptRows.ts";
import { idBytes, report, writeRecords, type Stage } from "./stage.ts";

/** A record and what is true of it. */
export interface Victim {
  readonly file: KnownFile;
  readonly honest: readonly Seen[];
}

/** Lets the gate believe that the colleague holds a record, and asks as they would. */
export async function releaseToStranger(
  stage: Stage,
  { file }: Victim,
): Promise<{ released: number; attempt: Attempt }> {
  const sql = stage.system.databases.gate;
  const { client } = stage.colleague;
  const at = sql`file = ${idBytes(file.file)}`;
  const kept = ["files", "holdings"].map((table) => ({ table, where: at }));
  return withRowsKept(sql, kept, async () => {
    const [row] = await sql<{ access_state: Buffer }[]>`select access_state from files where ${at}`;
    const state = decodeShape(accessStateShape, row?.access_state ?? Buffer.alloc(0));
    const [model] = state.grants;
    if (model === undefined) throw new TypeError("a record has a grant");
    const subject = { type: "member" as const, id: client.member };
    const grants = [...state.grants, { ...model, grant: { ...model.grant, subject } }];
    await sql`update files set access_state = ${Buffer.from(encodeShape(accessStateShape, { ...state, grants }))}
      where ${at}`;
    await sql`insert into holdings select practice, ${idBytes(client.member)}, file, rights, expires, class, case_id
      from holdings where ${at} limit 1`;
    const named = (await stage.check()).broken.some((each) => each.file === file.file);
    const item = { file: file.file, epoch: epochAt(file.access).epoch, record: null };
    const answer = await requestRelease(client.context, [item], "session");
    const outcome = await judge(
      async () => seeFiles(await stage.colleague.fresh.start(), [file]),
      // To the colleague nothing of it is true: whatever opens is believed.
      [{ entries: [], access: "" }],
    );
    const released = answer.items.filter(({ share }) => share !== null).length;
    return { released, attempt: { name: "gate: a holder whom no chain names", outcome, named } };
  });
}

/** Takes a freeze out of the gate's rows as if it had never come. */
export async function liftFreeze(
  stage: Stage,
): Promise<{ released: number; opened: number; attempt: Attempt }> {
  const { halted, admin, system } = stage;
  const sql = system.databases.gate;
  const [file] = await writeRecords(halted, 1);
  if (file === undefined) throw new RangeError("one record is written");
  await report(halted, [file]);
  const honest = [seeFile(halted.client, file)];
  const tables = ["practices", "practice_links", "stops"] as const;
  await sql`drop schema if exists before_freeze cascade`;
  await sql`create schema before_freeze`;
  for (const table of tables)
    await sql`create table before_freeze.${sql(table)} as select * from public.${sql(table)}`;
  await admin.client.context.practice.sync(admin.client.context.services);
  await giveOrder(admin.client.context, "freeze", { member: halted.client.member });
  const kept = tables.map((table) => ({ table, where: sql`true` }));
  try {
    return await withRowsKept(sql, kept, async () => {
      for (const table of tables) {
        await sql`delete from public.${sql(table)}`;
        await sql`insert into public.${sql(table)} select * from before_freeze.${sql(table)}`;
      }
      const item = { file: file.file, epoch: epochAt(file.access).epoch, record: null };
      const asking = await halted.fresh.start();
      const answer = await requestRelease(asking.context, [item], "session");
      const outcome = await judge(async () => seeFiles(await halted.fresh.start(), [file]), honest);
      const named = (await stage.check()).broken.some(({ table }) => table.startsWith("practice"));
      return {
        released: answer.items.filter(({ share }) => share !== null).length,
        opened: outcome === "unchanged" || outcome === "believed" ? 1 : 0,
        attempt: { name: "gate: a freeze as if it had never come", outcome, named },
      };
    });
  } finally {
    await sql`drop schema before_freeze cascade`;
  }
}
