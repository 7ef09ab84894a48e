import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";

import { initSuite } from "@sinetti/core";

import { checkFiles } from "./checkFiles.ts";
import type { StoreName } from "./broken.ts";
import { takePractices, type SentPractice } from "./practiceKnown.ts";
import { closeStores, openStore, type StoreAddresses } from "./store.ts";
import { emptyTally, type Tally } from "./tally.ts";

/** What a thread is given. */
export interface FileWork {
  readonly addresses: StoreAddresses;
  readonly snapshots: Readonly<Record<StoreName, string>>;
  readonly practices: readonly SentPractice[];
  /** First bytes of the file ids. */
  readonly from: number;
  readonly to: number;
  readonly practice: string | null;
}
/** What a thread says: how many files more, or all that it found. */
export type FileWorkSaid = { readonly files: number } | { readonly tally: Tally };

const SAID_EVERY = 200;

/** Verifies one share of the files in a thread of its own, in the snapshots of the others. */
async function work({
  addresses,
  snapshots,
  practices,
  from,
  to,
  practice,
}: FileWork): Promise<Tally> {
  await initSuite((length) => randomBytes(length));
  const stores = {
    who: await openStore(addresses.who, snapshots.who),
    what: await openStore(addresses.what, snapshots.what),
    gate: await openStore(addresses.gate, snapshots.gate),
  };
  const tally = emptyTally();
  let files = 0;
  const say = (said: FileWorkSaid): void => parentPort?.postMessage(said, []);
  try {
    await checkFiles(stores, {
      range: {
        from: Buffer.from([from]),
        to: to > 255 ? null : Buffer.from([to]),
        practice: practice === null ? null : Buffer.from(practice, "hex"),
      },
      known: takePractices(practices),
      tally,
      onFile: () => {
        files++;
        if (files % SAID_EVERY === 0) say({ files: SAID_EVERY });
      },
      isStopped: () => false,
    });
  } finally {
    await closeStores(stores);
  }
  say({ files: files % SAID_EVERY });
  return tally;
}

if (parentPort !== null)
  parentPort.postMessage({ tally: await work(workerData as FileWork) } satisfies FileWorkSaid, []);
