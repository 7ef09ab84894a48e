import {
  accessStateShape,
  decodeShape,
  encodeRunFrame,
  LIMITS,
  packRunFiles,
  vaultOf,
  type FileId,
  type Hash,
  type PracticeId,
  type RunFile,
} from "@sinetti/core";

import type { Sql, Tx } from "../store/database.ts";
import { readLinks } from "../store/linkStore.ts";
import { enterPractice } from "../store/practiceStore.ts";
import { readAcceptances, readRunFiles, readRunStates } from "../store/runStore.ts";
import { readUnsequenced } from "../store/stopStore.ts";

const PAGE_FILES = 64;
type VaultName = "who" | "what";

interface Source {
  readonly sql: Sql;
  readonly practice: PracticeId;
  /** Whose files: one vault must not learn of the other's. */
  readonly vault: VaultName;
}

async function within<T>({ sql, practice }: Source, read: (tx: Tx) => Promise<T>): Promise<T> {
  return (await sql.begin(async (tx) => {
    await enterPractice(tx, practice);
    return await read(tx);
  })) as T;
}

async function* exportPractice(source: Source): AsyncGenerator<Uint8Array> {
  for (let from = 0, more = true; more;) {
    const page = await within(source, (tx) => readLinks(tx, source.practice, from));
    if (page.links.length > 0) yield encodeRunFrame({ kind: "practice", links: page.links });
    from += page.links.length;
    more = page.more;
  }
}

interface Page {
  readonly files: RunFile[];
  readonly last: FileId | null;
}

async function readPage(source: Source, after: FileId | null): Promise<Page> {
  const { practice, vault } = source;
  return within(source, async (tx) => {
    const states = await readRunStates(tx, practice, { after, count: PAGE_FILES });
    const own = states.filter(
      ({ state }) => vaultOf(decodeShape(accessStateShape, state).compartment) === vault,
    );
    const files = await readRunFiles(
      tx,
      practice,
      own.map(({ file }) => file),
    );
    return { files, last: states.at(-1)?.file ?? null };
  });
}

async function* exportFiles(source: Source): AsyncGenerator<Uint8Array> {
  const sent = new Set<Hash>();
  for (let page = await readPage(source, null); page.last !== null;) {
    const named = page.files.flatMap(({ statements }) => statements.map((each) => each.acceptance));
    const fresh = [...new Set(named)].filter((hash) => !sent.has(hash));
    for (const hash of fresh) sent.add(hash);
    const words = await within(source, (tx) => readAcceptances(tx, source.practice, fresh));
    yield* packRunFiles(page.files, words);
    page = await readPage(source, page.last);
  }
}

/** What this gate has accepted for one vault, from the first link on: for a vault that lacks some of it. */
export async function* exportRun(source: Source): AsyncGenerator<Uint8Array> {
  yield encodeRunFrame({ kind: "start", v: 1, practice: source.practice });
  yield* exportPractice(source);
  yield* exportFiles(source);
  const stops = await within(source, (tx) => readUnsequenced(tx, source.practice));
  for (let from = 0; from < stops.length; from += LIMITS.itemsPerBatch)
    yield encodeRunFrame({
      kind: "stops",
      orders: stops.slice(from, from + LIMITS.itemsPerBatch),
    });
  yield encodeRunFrame({ kind: "end" });
}
