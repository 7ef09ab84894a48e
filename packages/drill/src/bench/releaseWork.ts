import { randomBytes } from "node:crypto";

import { requestRelease, type Client } from "@sinetti/client";
import type { Sql } from "postgres";

import { createCareFiles } from "./benchPractice.ts";
import { compare, timeMs, type BenchRow } from "./compare.ts";
import { insertShares, readShares } from "./plainTables.ts";

const FILES = 60;
const WARM_UPS = 10;
/** What a line of the release log takes with so many items. */
const LINE_BYTES = 120 + FILES * 40;

/** Releases many files in one request, beside reading as many shares and logging it plainly. */
export async function compareRelease(
  { client, plain }: { client: Client; plain: Sql },
  runs: number,
): Promise<BenchRow> {
  const files = await createCareFiles(client, FILES);
  const items = files.map(({ file, record }) => ({ file, epoch: 1, record: record.head }));
  const shares = files.map(() => randomBytes(16));
  await insertShares(plain, shares);
  return compare(
    {
      work: `release of ${FILES} files`,
      unit: "ms",
      runs,
      aim: null,
      ours: () =>
        timeMs(async () => {
          const { items: given } = await requestRelease(client.context, items, "preparation");
          if (given.some(({ share }) => share === null))
            throw new TypeError("not all were released");
        }),
      limit: () => timeMs(() => readShares(plain, shares, randomBytes(LINE_BYTES))),
    },
    { warmUps: WARM_UPS },
  );
}
