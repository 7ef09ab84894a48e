import { ZERO_ID, type PracticeId } from "@sinetti/core";

import { reportInto, type StoreName } from "./broken.ts";
import type { Stores } from "./store.ts";
import type { Tally } from "./tally.ts";

/** The name of each migration of a service, with the SHA-256 of its text in hexadecimal. */
export type Migrations = Readonly<Record<StoreName, ReadonlyMap<string, string>>>;

const TABLES = {
  who: { table: "sinetti.migrations", name: "id" },
  what: { table: "sinetti.migrations", name: "id" },
  gate: { table: "sinetti_migrations.applied", name: "name" },
} as const;

/** Compares what was done to each database with what this program knows; nothing else is read when they differ. */
export async function checkMigrations(
  stores: Stores,
  { migrations, tally }: { migrations: Migrations; tally: Tally },
): Promise<boolean> {
  let areSame = true;
  for (const service of ["who", "what", "gate"] as const) {
    const { table, name } = TABLES[service];
    const rows = await stores[service].tx.unsafe<{ name: string; hash: string }[]>(
      `select ${name} as name, hash from ${table} order by 1`,
    );
    const expected = migrations[service];
    const isSame =
      rows.length === expected.size && rows.every((row) => expected.get(row.name) === row.hash);
    if (isSame) continue;
    areSame = false;
    const practice = ZERO_ID as PracticeId;
    reportInto(tally.broken, { service, practice })("migrations", table, `${rows.length} applied`);
  }
  return areSame;
}
