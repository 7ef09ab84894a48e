import { importCsv, type Client } from "@sinetti/client";
import type { Sql } from "postgres";

import type { BenchRow } from "./compare.ts";
import { compareParts, type Traffic } from "./importWork.ts";
import { sampleCsv } from "./sampleCsv.ts";

/** How much each run imports. */
export interface CsvPlan {
  readonly patients: number;
  readonly notes: number;
  readonly runs: number;
}

/** Imports CSV files of patients and their unsorted notes, other people each run. */
export async function compareCsvImport(
  { client, plain, traffic }: { client: Client; plain: Sql; traffic: Traffic },
  { patients, notes, runs }: CsvPlan,
): Promise<BenchRow> {
  let next = 0;
  return compareParts(
    { plain, traffic },
    {
      work: `import csv, ${patients} patients, ${notes} notes`,
      runs,
      aim: ">= 0.3",
      importPart: async () => {
        const first = next;
        next += patients;
        const report = await importCsv(client, sampleCsv({ first, patients, notes }), {
          dryRun: false,
          isStrict: false,
          mapping: null,
          zone: "Europe/Helsinki",
          therapistOf: () => null,
          onProgress: () => undefined,
          isStopped: () => false,
        });
        if (report.rejected.length > 0 || report.byType.notes !== notes)
          throw new TypeError("a row was not taken");
        return report.entries;
      },
    },
  );
}
