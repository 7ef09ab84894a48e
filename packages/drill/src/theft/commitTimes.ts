import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { walRecords } from "./walPages.ts";
import { readWalRecord } from "./walRecord.ts";

const TRANSACTIONS = 1;
const OPERATION_MASK = 0x70;
const COMMIT = 0;
const HAS_PARTS = 0x80;
const DATABASE = 1;
const SUBTRANSACTIONS = 2;
/** Length word of 16 bytes in a row. */
const ID_LENGTH_WORD = 0x23;
const ID_BYTES = 16;
const SEGMENT = /^[0-9A-F]{24}$/;

/**
 * When each file was first written, by the commits in the write-ahead log: rows carry no clock, the log does. In microseconds
 * since 2000, by file id.
 */
export async function readCommitTimes(
  cluster: string,
  practice: Uint8Array,
): Promise<Map<string, number>> {
  const transactionsOf = new Map<string, Set<number>>();
  const timeOf = new Map<number, number>();
  const folder = join(cluster, "pg_wal");
  const names = (await readdir(folder)).filter((name) => SEGMENT.test(name)).toSorted();
  const row = Buffer.concat([practice, Uint8Array.of(ID_LENGTH_WORD)]);
  for (const name of names)
    for (const { bytes } of walRecords(await readFile(join(folder, name)))) {
      const record = readWalRecord(bytes);
      if (record === null) continue;
      const { transaction, manager, info, main } = record;
      if (manager === TRANSACTIONS && (info & OPERATION_MASK) === COMMIT && main.length >= 8)
        for (const each of [transaction, ...partsOf(info, Buffer.from(main))])
          timeOf.set(each, Number(Buffer.from(main).readBigInt64LE(0)));
      const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = whole.indexOf(row); at >= 0; at = whole.indexOf(row, at + 1)) {
        const from = at + row.length;
        const file = whole.toString("hex", from, from + ID_BYTES);
        const transactions = transactionsOf.get(file) ?? new Set();
        transactionsOf.set(file, transactions.add(transaction));
      }
    }
  const times = new Map<string, number>();
  for (const [file, transactions] of transactionsOf) {
    // One that was given up left rows behind and no commit.
    const committed = [...transactions]
      .map((each) => timeOf.get(each))
      .filter((time) => time !== undefined);
    if (committed.length > 0) times.set(file, Math.min(...committed));
  }
  return times;
}

/** Transactions inside the one that committed (struct xl_xact_commit). */
function partsOf(info: number, main: Buffer): number[] {
  if ((info & HAS_PARTS) === 0 || main.length < 12) return [];
  const has = main.readUInt32LE(8);
  let at = 12;
  if ((has & DATABASE) !== 0) at += 8;
  if ((has & SUBTRANSACTIONS) === 0 || at + 4 > main.length) return [];
  const count = main.readInt32LE(at);
  at += 4;
  return Array.from({ length: Math.min(count, (main.length - at) / 4) }, (_, index) =>
    main.readUInt32LE(at + index * 4),
  );
}
