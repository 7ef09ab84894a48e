import { performance } from "node:perf_hooks";

import { searchBackup } from "./backups.ts";
import { readCommitTimes } from "./commitTimes.ts";
import { SERVICES, dumpDatabase, type Dumped, type ServiceName } from "./dump.ts";
import { measureGateJoins } from "./gateJoins.ts";
import { measureJoins, seeFiles, type JoinRate } from "./joins.ts";
import { PASSWORD_HASHES, ROLE_VERIFIER } from "./needles.ts";
import type { RobbedSystem } from "./robbedSystem.ts";
import type { TheftOptions } from "./runTheft.ts";
import { Search } from "./search.ts";
import { countFiles, searchFolder } from "./searchFolder.ts";
import type { TheftReport, Thief } from "./theftReport.ts";
import type { Pairs } from "./workADay.ts";

type Robbed = {
  readonly thieves: Thief[];
  readonly searched: Pick<
    TheftReport,
    "searchedBytes" | "found" | "tooShort" | "searchSeconds" | "cut" | "columns"
  >;
};

/** T1 and T2: every row as a superuser, every file of the disks. */
export async function robServers(
  { system, onStep, onProgress }: TheftOptions,
  needles: readonly string[],
  careOf: Pairs,
): Promise<Robbed> {
  const began = performance.now();
  const search = new Search([...needles, ...PASSWORD_HASHES, ROLE_VERIFIER]);
  onStep("dumping the databases");
  const dumps = {} as Record<ServiceName, Dumped>;
  for (const service of SERVICES)
    dumps[service] = await dumpDatabase(system.databases[service], search, { service });
  await system.settle();
  onStep("searching the disks");
  const places = [
    ...SERVICES.map((name) => ({ name: `${name} disk`, folder: system.clusters[name] })),
    ...system.folders.map((folder, index) => ({ name: `server disk ${index}`, folder })),
  ];
  let total = 0;
  for (const { folder } of places) total += await countFiles(folder);
  let files = 0;
  for (const { name, folder } of places)
    await searchFolder(search, folder, { name, onFile: () => onProgress(++files, total) });
  onStep("stealing a backup");
  const backups = await searchBackup(await system.backUp(), search);
  const joins = await joinsOf(system, careOf);
  const findings = [...dumps.who.findings, ...dumps.what.findings];
  const isPlanted = ({ needle }: { needle: number }): boolean => needle < needles.length;
  const isHash = ({ needle }: { needle: number }): boolean =>
    needle >= needles.length && needle < needles.length + PASSWORD_HASHES.length;
  const found = search.hits.filter(isPlanted);
  const atGate = found.filter(({ source }) => source.startsWith("gate"));
  const columnsOf = (service: ServiceName): number => dumps[service].measures.length;
  return {
    thieves: [
      {
        id: "T1",
        yields: {
          rows: dumps.who.rows + dumps.what.rows,
          files,
          found: found.length - atGate.length,
          columns: { checked: columnsOf("who") + columnsOf("what"), findings },
          backups,
          passwordHashes: search.hits.filter(isHash).length,
          roleVerifiers: search.hits.filter(
            ({ needle }) => needle === needles.length + PASSWORD_HASHES.length,
          ).length,
          times: findings.filter(({ why }) => why === "time").length,
          joins: joins.imported,
          joinsOfNew: joins.registered,
        },
      },
      {
        id: "T2",
        yields: {
          rows: dumps.gate.rows,
          found: atGate.length,
          columns: { checked: columnsOf("gate"), findings: dumps.gate.findings },
          joins: await measureGateJoins(system.databases.gate, careOf.imported),
        },
      },
    ],
    searched: {
      searchedBytes: search.searchedBytes,
      found,
      tooShort: search.tooShort,
      searchSeconds: (performance.now() - began) / 1000,
      cut: search.cut,
      columns: SERVICES.flatMap((service) => dumps[service].measures),
    },
  };
}

async function joinsOf(
  { databases, clusters }: RobbedSystem,
  careOf: Pairs,
): Promise<Record<keyof Pairs, JoinRate[]>> {
  const [row] = await databases.who<{ practice: Uint8Array }[]>`select practice from practices`;
  if (row === undefined) throw new TypeError("there is a practice to rob");
  const [whoTimes, whatTimes] = await Promise.all([
    readCommitTimes(clusters.who, row.practice),
    readCommitTimes(clusters.what, row.practice),
  ]);
  const who = await seeFiles(databases.who, "identity", whoTimes);
  const what = await seeFiles(databases.what, "care", whatTimes);
  return {
    imported: measureJoins(who, what, careOf.imported),
    registered: measureJoins(who, what, careOf.registered),
  };
}
