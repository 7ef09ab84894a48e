import { randomBytes } from "node:crypto";

import { addNote, type Client, type KnownFile } from "@sinetti/client";
import type { Sql } from "postgres";

import { createCareFiles } from "./benchPractice.ts";
import { compare, rate, type BenchRow } from "./compare.ts";
import { insertAppends, insertFiles, type PlainAppend } from "./plainTables.ts";
import { sampleNote } from "./sampleNote.ts";

export interface AppendPlan {
  readonly inFlight: number;
  /** Notes of one run, over all lanes. */
  readonly notes: number;
  readonly runs: number;
  readonly aim: string | null;
}

/** Each lane does its share one after the other, all lanes at once. */
function inLanes<L>(
  lanes: readonly L[],
  count: number,
  once: (lane: L) => Promise<unknown>,
): Promise<unknown> {
  const each = Math.ceil(count / lanes.length);
  return Promise.all(
    lanes.map(async (lane) => {
      for (let done = 0; done < each; done++) await once(lane);
    }),
  );
}

/** What one note left in the vault, to be written plainly with the same sizes. */
function lastAppend({ links }: KnownFile): Pick<PlainAppend, "statement" | "boxes"> {
  const last = links.at(-1);
  if (last === undefined || last.boxes === null) throw new TypeError("no note was written");
  return { statement: last.link.signed, boxes: last.boxes };
}

/** Appends notes to as many files as are in flight, beside the same rows inserted plainly. */
export async function compareAppends(
  { client, plain }: { client: Client; plain: Sql },
  { inFlight, notes, ...row }: AppendPlan,
): Promise<BenchRow> {
  const files = await createCareFiles(client, inFlight);
  const [first] = files;
  if (first === undefined) throw new RangeError("no file");
  await addNote(client, first, sampleNote());
  const { statement, boxes } = lastAppend(first);
  const lanes = files.map(() => ({ file: randomBytes(16), seq: 0 }));
  await insertFiles(
    plain,
    lanes.map(({ file }) => ({ file, statement })),
  );
  return compare({
    ...row,
    work: `append a note, ${inFlight} in flight`,
    unit: "notes/s",
    ours: () =>
      rate(notes, () => inLanes(files, notes, (file) => addNote(client, file, sampleNote()))),
    limit: () =>
      rate(notes, () =>
        inLanes(lanes, notes, (lane) =>
          insertAppends(plain, [{ file: lane.file, seq: lane.seq++, statement, boxes }]),
        ),
      ),
  });
}
