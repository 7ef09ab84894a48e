import { Worker } from "node:worker_threads";

import type { PracticeId } from "@sinetti/core";

import type { Broken } from "./broken.ts";
import { checkFiles } from "./checkFiles.ts";
import type { FileWork, FileWorkSaid } from "./fileWorker.ts";
import { checkLog } from "./logCheck.ts";
import { checkForeign, checkLoose } from "./looseCheck.ts";
import { checkMigrations, type Migrations } from "./migrationCheck.ts";
import { checkPractices } from "./practiceCheck.ts";
import { sendPractices, type KnownPractices } from "./practiceKnown.ts";
import { lookAgain } from "./secondLook.ts";
import { closeStores, openStores, type StoreAddresses, type Stores } from "./store.ts";
import { addTally, emptyTally, type Tally } from "./tally.ts";

export interface FsckOptions {
  readonly addresses: StoreAddresses;
  readonly migrations: Migrations;
  /** Null: all. */
  readonly practice: PracticeId | null;
  /** Threads beside this one; 0: none. */
  readonly threads: number;
  /** How long work may be on its way from the gate to a vault before it is told. */
  readonly secondLookSeconds: number;
  readonly onProgress: (done: number, total: number) => void;
}

export interface FsckReport {
  readonly chains: number;
  readonly entries: number;
  /** Statements and acceptances verified, and how long it took. */
  readonly statements: number;
  readonly seconds: number;
  readonly broken: readonly Broken[];
}

interface FilesWork {
  readonly options: FsckOptions;
  readonly known: KnownPractices;
  readonly tally: Tally;
  readonly onFiles: (files: number) => void;
}

function runThread(work: FileWork, onFiles: (files: number) => void): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./fileWorker.ts", import.meta.url), { workerData: work });
    worker.on("message", (said: FileWorkSaid) =>
      "tally" in said ? resolve(said.tally) : onFiles(said.files),
    );
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("a thread ended without a result")));
  });
}

async function checkInThreads(
  stores: Stores,
  { options, known, tally, onFiles }: FilesWork,
): Promise<void> {
  const { threads, addresses, practice } = options;
  const snapshots = {
    who: stores.who.snapshot,
    what: stores.what.snapshot,
    gate: stores.gate.snapshot,
  };
  const edges = Array.from({ length: threads + 1 }, (_, index) =>
    Math.ceil((256 * index) / threads),
  );
  const practices = sendPractices(known);
  const parts = await Promise.all(
    edges
      .slice(1)
      .map((to, index) =>
        runThread(
          { addresses, snapshots, practices, from: edges[index] ?? 0, to, practice },
          onFiles,
        ),
      ),
  );
  for (const part of parts) addTally(tally, part);
}

async function checkAllFiles(stores: Stores, work: FilesWork): Promise<void> {
  const { options, known, tally, onFiles } = work;
  if (options.threads > 0) return checkInThreads(stores, work);
  const { practice } = options;
  await checkFiles(stores, {
    range: {
      from: Buffer.alloc(0),
      to: null,
      practice: practice === null ? null : Buffer.from(practice, "hex"),
    },
    known,
    tally,
    onFile: () => onFiles(1),
    isStopped: () => false,
  });
}

async function countFiles(stores: Stores): Promise<number> {
  const [row] = await stores.gate.tx<{ files: number }[]>`
    select count(*)::float8 as files from files`;
  return row?.files ?? 0;
}

async function checkEverything(stores: Stores, options: FsckOptions, tally: Tally): Promise<void> {
  const { migrations, practice, onProgress } = options;
  if (!(await checkMigrations(stores, { migrations, tally }))) return;
  const total = await countFiles(stores);
  let done = 0;
  const onFiles = (files: number): void => {
    done += files;
    onProgress(Math.min(done, total), total);
  };
  onProgress(0, total);
  const known = await checkPractices(stores, { only: practice, tally });
  await checkAllFiles(stores, { options, known, tally, onFiles });
  for (const [id, each] of known) {
    await checkLoose(stores, each, tally);
    await checkLog(stores.gate, id, tally);
  }
  if (practice === null) await checkForeign(stores, { known: [...known.keys()], tally });
  await lookAgain(options.addresses, { tally, seconds: options.secondLookSeconds });
}

/**
 * Reads the three databases in one snapshot each and verifies all that can be verified without a key; writes nothing.
 * `initSuite` comes first. Errors: BlindRoleError, and the driver's.
 */
export async function runFsck(options: FsckOptions): Promise<FsckReport> {
  const started = performance.now();
  const stores = await openStores(options.addresses);
  const tally = emptyTally();
  try {
    await checkEverything(stores, options, tally);
  } finally {
    await closeStores(stores);
  }
  const { chains, entries, statements, broken } = tally;
  const seconds = (performance.now() - started) / 1000;
  return { chains, entries, statements, seconds, broken };
}
