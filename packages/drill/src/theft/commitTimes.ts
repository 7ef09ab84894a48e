import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { walRecords } from "./walPages.ts";
import { readWalRecord } from "./walRecord.ts";

const TRANSACTIONS = 1;
const OPERATION_MASK = 0x70;
const COMMIT = 0;
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
  const transactionOf = new Map<string, number>();
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
        timeOf.set(transaction, Number(Buffer.from(main).readBigInt64LE(0)));
      const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      for (let at = whole.indexOf(row); at >= 0; at = whole.indexOf(row, at + 1)) {
        const from = at + row.length;
        const file = whole.toString("hex", from, from + ID_BYTES);
        if (!transactionOf.has(file)) transactionOf.set(file, transaction);
      }
    }
  const times = new Map<string, number>();
  for (const [file, transaction] of transactionOf) {
    const time = timeOf.get(transaction);
    if (time !== undefined) times.set(file, time);
  }
  return times;
}
