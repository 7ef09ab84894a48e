import type { Sql } from "postgres";

/** A file as a thief sees it in a dump: nothing of this is sealed. */
export interface SeenFile {
  readonly file: string;
  /** Members who hold it by their own grant, in order, as one text. */
  readonly holders: string;
  /** Its place among the rows as they lie on the disk. */
  readonly place: number;
  /** Bytes of its entries. */
  readonly sizeBytes: number;
  /** When its creation was committed, by the write-ahead log, in microseconds; null: the log has passed on. */
  readonly committed: number | null;
}

/** How often a thief's first guess joins *who* with *what*. */
export interface JoinRate {
  readonly by:
    | "chance"
    | "order"
    | "size"
    | "walTime"
    | "graph"
    | "graphOrder"
    | "graphSize"
    | "graphWalTime";
  /** Share of identity files whose care file is guessed first. */
  readonly top1: number;
}

/** The files of a compartment in a vault, as its tables show them. */
export async function seeFiles(
  sql: Sql,
  compartment: "identity" | "care",
  commits: ReadonlyMap<string, number>,
): Promise<SeenFile[]> {
  const rows = await sql<{ file: string; holders: string | null; bytes: string | null }[]>`
    select encode(f.file, 'hex') as file,
      (select string_agg(encode(h.subject, 'hex'), ' ' order by h.subject) from holdings h
        where h.practice = f.practice and h.file = f.file and h.subject_type = 'member') as holders,
      (select sum(octet_length(e.box)) from entries e
        where e.practice = f.practice and e.file = f.file) as bytes
    from files f join access_links a on a.practice = f.practice and a.file = f.file and a.seq = 0
    where f.compartment = ${compartment} order by a.ctid`;
  return rows.map(({ file, holders, bytes }, place) => ({
    file,
    holders: holders ?? "",
    place,
    sizeBytes: Number(bytes ?? 0),
    committed: commits.get(file) ?? null,
  }));
}

/** Joins the two vaults by everything that can be seen, and counts how often the first guess is right for the patients of `careOf`. */
export function measureJoins(
  who: readonly SeenFile[],
  what: readonly SeenFile[],
  careOf: ReadonlyMap<string, string>,
): JoinRate[] {
  const known = who.filter(({ file }) => careOf.has(file));
  const all = (): string => "";
  const holders = ({ holders: each }: SeenFile): string => each;
  const rate = (guesses: ReadonlyMap<string, readonly string[]>): number => {
    const right = known.reduce((sum, { file }) => {
      const guess = guesses.get(file) ?? [];
      return guess.includes(careOf.get(file) ?? "") ? sum + 1 / guess.length : sum;
    }, 0);
    return known.length === 0 ? 0 : right / known.length;
  };
  const place = (file: SeenFile): number => file.place;
  const size = (file: SeenFile): number => file.sizeBytes;
  return [
    { by: "chance", top1: what.length === 0 ? 0 : 1 / what.length },
    { by: "order", top1: rate(byRank(who, what, { group: all, value: place })) },
    { by: "size", top1: rate(byRank(who, what, { group: all, value: size })) },
    { by: "walTime", top1: rate(byNearest(who, what, all)) },
    { by: "graph", top1: rate(byGroup(who, what, holders)) },
    { by: "graphOrder", top1: rate(byRank(who, what, { group: holders, value: place })) },
    { by: "graphSize", top1: rate(byRank(who, what, { group: holders, value: size })) },
    { by: "graphWalTime", top1: rate(byNearest(who, what, holders)) },
  ];
}

type Group = (file: SeenFile) => string;

/** Any of the other side's group: the guess is as good as the group is small. */
function byGroup(
  who: readonly SeenFile[],
  what: readonly SeenFile[],
  group: Group,
): Map<string, readonly string[]> {
  const groups = new Map(
    [...Map.groupBy(what, group)].map(([name, files]) => [name, files.map(({ file }) => file)]),
  );
  return new Map(who.map((file) => [file.file, groups.get(group(file)) ?? []]));
}

/** Both sides of a group in order of a value; the one at the same share of the way is guessed. */
function byRank(
  who: readonly SeenFile[],
  what: readonly SeenFile[],
  { group, value }: { group: Group; value: (file: SeenFile) => number },
): Map<string, string[]> {
  const guesses = new Map<string, string[]>();
  const others = Map.groupBy(what, group);
  for (const [name, own] of Map.groupBy(who, group)) {
    const ranked = own.toSorted((a, b) => value(a) - value(b));
    const facing = (others.get(name) ?? []).toSorted((a, b) => value(a) - value(b));
    for (const [rank, { file }] of ranked.entries()) {
      const guess = facing[Math.floor(((rank + 0.5) / ranked.length) * facing.length)];
      if (guess !== undefined) guesses.set(file, [guess.file]);
    }
  }
  return guesses;
}

/** Those of the group that were committed nearest in time; several of one commit share the guess. */
function byNearest(
  who: readonly SeenFile[],
  what: readonly SeenFile[],
  group: Group,
): Map<string, readonly string[]> {
  const groups = new Map(
    [...Map.groupBy(what, group)].map(([name, files]) => [name, new Moments(files)]),
  );
  return new Map(
    who.flatMap((file): [string, readonly string[]][] =>
      file.committed === null
        ? []
        : [[file.file, groups.get(group(file))?.nearest(file.committed) ?? []]],
    ),
  );
}

/** Files by the moment of their commit: a whole practice is looked through by halves, not each against each. */
class Moments {
  readonly #files: ReadonlyMap<number, readonly string[]>;
  readonly #moments: readonly number[];

  constructor(files: readonly SeenFile[]) {
    const byMoment = new Map<number, string[]>();
    for (const { file, committed } of files) {
      if (committed === null) continue;
      const held = byMoment.get(committed);
      if (held === undefined) byMoment.set(committed, [file]);
      else held.push(file);
    }
    this.#files = byMoment;
    this.#moments = [...byMoment.keys()].toSorted((a, b) => a - b);
  }

  /** Files of the moment that is nearest to one, of both when two are as near. */
  nearest(to: number): readonly string[] {
    const moments = this.#moments;
    let [low, high] = [0, moments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((moments[middle] ?? 0) < to) low = middle + 1;
      else high = middle;
    }
    const around = [moments[low - 1], moments[low]].filter((moment) => moment !== undefined);
    const least = Math.min(...around.map((moment) => Math.abs(moment - to)));
    return around
      .filter((moment) => Math.abs(moment - to) === least)
      .flatMap((moment) => this.#files.get(moment) ?? []);
  }
}
