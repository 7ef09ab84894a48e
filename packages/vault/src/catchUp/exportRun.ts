import {
  LINKS_PER_ANSWER,
  LIMITS,
  encodeRunFrame,
  packRunFiles,
  type FileId,
  type Hash,
  type PracticeId,
  type RunFile,
} from "@sinetti/core";

import { readLinks } from "../store/practices.ts";
import { readAcceptances, readRunFiles } from "../store/runs.ts";
import { readUnsequenced } from "../store/stops.ts";
import { inPractice, type Sql } from "../store/transaction.ts";

const PAGE_FILES = 64;
const PAGE = { count: LINKS_PER_ANSWER, maxBytes: LIMITS.messageBytes / 2 };

async function* exportPractice(sql: Sql, practice: PracticeId): AsyncGenerator<Uint8Array> {
  for (let from = 0; ;) {
    const page = { from, ...PAGE };
    const links = await inPractice(sql, practice, (tx) => readLinks(tx, practice, page));
    if (links.length === 0) return;
    yield encodeRunFrame({ kind: "practice", links });
    from += links.length;
  }
}

async function* exportFiles(sql: Sql, practice: PracticeId): AsyncGenerator<Uint8Array> {
  const sent = new Set<Hash>();
  for (let after: FileId | null = null; ;) {
    const page: { after: FileId | null; count: number } = { after, count: PAGE_FILES };
    const files: RunFile[] = await inPractice(sql, practice, (tx) =>
      readRunFiles(tx, practice, page),
    );
    if (files.length === 0) return;
    const named = files.flatMap(({ statements }) => statements.map((each) => each.acceptance));
    const fresh = [...new Set(named)].filter((hash) => !sent.has(hash));
    for (const hash of fresh) sent.add(hash);
    const words = await inPractice(sql, practice, (tx) => readAcceptances(tx, practice, fresh));
    yield* packRunFiles(files, words);
    after = files.at(-1)?.file ?? null;
  }
}

/** What this vault holds that the gate has accepted, from the first link on: for a service that lacks some of it. */
export async function* exportRun(sql: Sql, practice: PracticeId): AsyncGenerator<Uint8Array> {
  yield encodeRunFrame({ kind: "start", v: 1, practice });
  yield* exportPractice(sql, practice);
  yield* exportFiles(sql, practice);
  const stops = await inPractice(sql, practice, (tx) => readUnsequenced(tx, practice));
  for (let from = 0; from < stops.length; from += LIMITS.itemsPerBatch)
    yield encodeRunFrame({
      kind: "stops",
      orders: stops.slice(from, from + LIMITS.itemsPerBatch),
    });
  yield encodeRunFrame({ kind: "end" });
}
