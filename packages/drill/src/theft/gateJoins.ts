import type { Sql } from "postgres";

/** How often the gate's own rows join *who* with *what*, pseudonymously. */
export interface GateJoins {
  /** By the case and the moment of creation. */
  readonly created: number;
  /** By who opened what after what; null: nothing was opened. */
  readonly opened: number | null;
}

interface GateFile {
  readonly file: string;
  readonly class: string;
  readonly device: string;
  readonly at: number;
}

const share = (right: number, of: number): number => (of === 0 ? 0 : right / of);

/** Joins by what the gate knows of each file, and by its log of openings. */
export async function measureGateJoins(
  sql: Sql,
  careOf: ReadonlyMap<string, string>,
): Promise<GateJoins> {
  return { created: await joinCreations(sql, careOf), opened: await joinOpenings(sql, careOf) };
}

async function joinCreations(sql: Sql, careOf: ReadonlyMap<string, string>): Promise<number> {
  const rows = await sql<(Omit<GateFile, "at"> & { at: string })[]>`
    select encode(file, 'hex') as file, class, encode(creator_device, 'hex') as device, created_at as at
    from files where case_id is not null`;
  const care = new Set(careOf.values());
  const byDevice = Map.groupBy(
    rows.filter(({ file }) => care.has(file)),
    ({ device }) => device,
  );
  let right = 0;
  for (const { file, device, at } of rows) {
    const truth = careOf.get(file);
    if (truth === undefined) continue;
    // As many as one device's patients, not as the practice's.
    const facing = byDevice.get(device) ?? [];
    const distance = (other: { at: string }): number => Math.abs(Number(other.at) - Number(at));
    const nearest = facing.reduce((least, other) => Math.min(least, distance(other)), Infinity);
    const guess = facing.filter((other) => distance(other) === nearest);
    if (guess.some((other) => other.file === truth)) right += 1 / guess.length;
  }
  return share(right, careOf.size);
}

/** Whoever opens an identity file opens the care file of the same patient next, mostly. */
async function joinOpenings(sql: Sql, careOf: ReadonlyMap<string, string>): Promise<number | null> {
  const rows = await sql<{ file: string; member: string; idx: string }[]>`
    select encode(file, 'hex') as file, encode(member, 'hex') as member, idx
    from log_items where outcome = 'released' and class is not null order by idx, position`;
  const care = new Set(careOf.values());
  let [right, tried] = [0, 0];
  // From the last to the first, so that what comes next is known.
  const nextOf = new Map<string, string>();
  for (const { file, member } of rows.toReversed()) {
    const truth = careOf.get(file);
    if (truth !== undefined) {
      tried++;
      if (nextOf.get(member) === truth) right++;
    }
    if (care.has(file)) nextOf.set(member, file);
  }
  return tried === 0 ? null : share(right, tried);
}
