import {
  importFhir,
  type Client,
  type FhirSource,
  type ImportReport,
  type World,
} from "@sinetti/client";
import { VAULT_ROUTES, decodeShape, idToBytes, readStatement } from "@sinetti/core";
import type { Sql } from "postgres";

import { compare, timeMs, type BenchRow, type Comparison } from "./compare.ts";
import { insertAppends, insertFiles } from "./plainTables.ts";

/** What was sent to the vaults, in order. */
export type Traffic = { readonly path: string; readonly body: Uint8Array }[];

/** A world that remembers what it sends. */
export function rememberTraffic(world: World): { world: World; traffic: Traffic } {
  const traffic: Traffic = [];
  return {
    traffic,
    world: {
      ...world,
      fetch: (url, init) => {
        if (init.body instanceof Uint8Array)
          traffic.push({ path: new URL(url).pathname, body: init.body });
        return world.fetch(url, init);
      },
    },
  };
}

/** Turns requests into the inserts that they amount to, each one commit. */
function toInserts(sql: Sql, traffic: Traffic): (() => Promise<void>)[] {
  const { accessTake, recordAppend } = VAULT_ROUTES;
  const idOf = (signed: Uint8Array) => readStatement(signed).statement;
  return traffic.flatMap(({ path, body }) => {
    if (path === accessTake.path) {
      const { statements } = decodeShape(accessTake.request, body, accessTake.maxBytes);
      const files = statements.map((statement) => ({
        file: idToBytes(idOf(statement).id),
        statement,
      }));
      return [() => insertFiles(sql, files)];
    }
    if (path === recordAppend.path) {
      const { appends } = decodeShape(recordAppend.request, body, recordAppend.maxBytes);
      const rows = appends.map(({ statement, boxes }) => {
        const { id, seq } = idOf(statement);
        return { file: idToBytes(id), seq, statement, boxes };
      });
      return [() => insertAppends(sql, rows)];
    }
    return [];
  });
}

async function importAll(
  client: Client,
  sources: readonly FhirSource[],
): Promise<Pick<ImportReport, "entries">> {
  const report = await importFhir(client, sources, {
    dryRun: false,
    zone: "Europe/Helsinki",
    onProgress: () => undefined,
    isStopped: () => false,
  });
  if (report.rejected.length > 0) throw new TypeError("a bundle was not taken");
  return report;
}

/** One import a run; `importPart` tells how many entries it wrote. */
export interface ImportPlan extends Pick<Comparison, "work" | "runs" | "aim"> {
  readonly importPart: () => Promise<number>;
}

/** Imports a part each run, beside batched inserts of as many rows with as many bytes in as many commits. */
export function compareParts(
  { plain, traffic }: { plain: Sql; traffic: Traffic },
  { importPart, ...row }: ImportPlan,
): Promise<BenchRow> {
  let entries = 0;
  return compare({
    ...row,
    unit: "entries/s",
    ours: async () => {
      traffic.length = 0;
      const ms = await timeMs(async () => {
        entries = await importPart();
      });
      return entries / (ms / 1000);
    },
    limit: async () => {
      const inserts = toInserts(plain, traffic);
      const ms = await timeMs(async () => {
        for (const insert of inserts) await insert();
      });
      return entries / (ms / 1000);
    },
  });
}

/** Imports FHIR bundles. */
export async function compareImport(
  { client, plain, traffic }: { client: Client; plain: Sql; traffic: Traffic },
  { bundles, runs }: { bundles: readonly FhirSource[]; runs: number },
): Promise<BenchRow> {
  const each = Math.floor(bundles.length / (runs + 1));
  let next = 0;
  return compareParts(
    { plain, traffic },
    {
      work: `import of ${each} bundles`,
      runs,
      aim: ">= 0.3",
      importPart: async () =>
        (await importAll(client, bundles.slice(next, (next += each)))).entries,
    },
  );
}
