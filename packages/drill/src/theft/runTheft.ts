import { performance } from "node:perf_hooks";

import { finishDevice, openOne, type Client, type Endpoints } from "@sinetti/client";
import type { FileId, Secret } from "@sinetti/core";
import type { Sql } from "postgres";

import { describeMachine } from "../bench/machine.ts";
import { INVENTED_PASSWORD } from "../synthetic/admitStaff.ts";
import { PatientIds } from "../synthetic/candidate.ts";
import { inventStaff, type PracticeWish } from "../synthetic/caseload.ts";
import { fillPractice, type Filled, type FillOptions } from "../synthetic/fillPractice.ts";
import { readImportKey } from "../synthetic/writeCaseload.ts";
import { readCommitTimes } from "./commitTimes.ts";
import { runControl, type Control } from "./control.ts";
import { SERVICES, dumpDatabase, type Dumped, type ServiceName } from "./dump.ts";
import { measureGateJoins } from "./gateJoins.ts";
import { measureJoins, seeFiles, type JoinRate } from "./joins.ts";
import { attackLockedDevice } from "./lockedDevice.ts";
import { PASSWORD_HASHES, ROLE_VERIFIER, ownNeedles } from "./needles.ts";
import { readPlantsBack } from "./readBack.ts";
import { Search } from "./search.ts";
import { countFiles, searchFolder } from "./searchFolder.ts";
import type { TheftReport, Thief } from "./theftReport.ts";

/** A system that is robbed: its own, and nobody else's. */
export interface RobbedSystem {
  readonly endpoints: Endpoints;
  /** A superuser in the database of a service. */
  readonly databases: Readonly<Record<ServiceName, Sql>>;
  /** Makes an empty database in the cluster of a vault; its files lie in `folder` of the answer once `settle` is done. */
  readonly openControl: (service: "who" | "what") => Promise<{ sql: Sql; folder: string }>;
  /** The clusters' own folders. */
  readonly clusters: Readonly<Record<ServiceName, string>>;
  /** Everything on the servers' disks beside them: configuration, keys, logs. */
  readonly folders: readonly string[];
  /** The folders of the staff's devices. */
  readonly devices: string;
  /** Writes to disk what the databases hold in memory. */
  readonly settle: () => Promise<void>;
}

/** What the drill is run with. */
export interface TheftOptions extends Omit<FillOptions, "onProgress" | "endpoints"> {
  readonly system: RobbedSystem;
  /** More work by the staff before the theft; gives strings that must be nowhere. */
  readonly alsoWrite: (client: Client) => Promise<readonly string[]>;
  readonly onStep: (step: string) => void;
  readonly onProgress: (done: number, total: number) => void;
}

const OPENED = 20;
const HELD_BACK = 3;

/** Fills a practice, steals everything from it as each thief would, and says what they got. */
export async function runTheft(options: TheftOptions): Promise<TheftReport> {
  const began = performance.now();
  const { wish, system, onStep, openDevice } = options;
  const { endpoints } = system;
  onStep("filling a practice of invented people");
  const filled = await fillPractice({ ...options, endpoints });
  const { caseloads } = inventStaff(wish);
  const { importKey, more } = await workADay(options);
  onStep("reading back what was planted");
  const readBack = await readPlantsBack({ wish, caseloads, endpoints }, openDevice);
  const needles = [...wish.plant, ...ownNeedles(wish), ...more];
  const careOf = pairsOf(wish, importKey);
  const robbed = await rob(options, needles, careOf);
  const device = await stealDevice(options, importKey, needles);
  onStep("the control: the same unsealed");
  const control = await controlOf(
    system,
    { wish, caseloads, authors: filled.authors, importKey },
    needles,
  );
  const thieves: Thief[] = [
    ...robbed.thieves,
    { id: "T3", yields: device },
    { id: "T4", yields: device },
  ];
  return {
    ...robbed.searched,
    planted: needles.length,
    plantedFromOutside: wish.plant.length,
    thieves,
    control,
    readBack,
    ...sizes(wish, filled),
    machine: describeMachine(),
    seconds: (performance.now() - began) / 1000,
  };
}

const sizes = (
  { patients }: PracticeWish,
  { entries }: Filled,
): { patients: number; entries: number } => ({ patients, entries });

/** Who is whom: what a thief would like to know. */
function pairsOf(
  { seed, patients }: PracticeWish,
  importKey: Secret<"import-key">,
): Map<string, string> {
  return new Map(
    Array.from({ length: patients }, (_, number) => {
      const ids = new PatientIds(importKey, { seed, number });
      return [ids.file("identity"), ids.file("care")];
    }),
  );
}

/** One therapist opens some records one after the other, identity first, as on any day. */
async function workADay({
  wish,
  system,
  openDevice,
  alsoWrite,
}: TheftOptions): Promise<{ importKey: Secret<"import-key">; more: readonly string[] }> {
  const { caseloads } = inventStaff(wish);
  const [first] = caseloads;
  if (first === undefined) throw new RangeError("a practice without patients has nothing to steal");
  const device = openDevice(first.therapist.device);
  try {
    const client = await finishDevice(device.world, {
      password: INVENTED_PASSWORD,
      endpoints: system.endpoints,
    });
    await client.resume();
    const importKey = await readImportKey(client);
    const more = await alsoWrite(client);
    client.lock();
    for (let number = first.from; number < Math.min(first.to, first.from + OPENED); number++) {
      const ids = new PatientIds(importKey, { seed: wish.seed, number });
      await openOne(client.context, { file: ids.file("identity"), vault: "who" }, "preparation");
      await openOne(client.context, { file: ids.file("care"), vault: "what" }, "documentation");
    }
    client.lock();
    return { importKey, more };
  } finally {
    device.close();
  }
}

type Robbed = {
  readonly thieves: Thief[];
  readonly searched: Pick<
    TheftReport,
    "searchedBytes" | "found" | "tooShort" | "searchSeconds" | "cut" | "columns"
  >;
};

/** T1 and T2: every row as a superuser, every file of the disks. */
async function rob(
  { system, onStep, onProgress }: TheftOptions,
  needles: readonly string[],
  careOf: ReadonlyMap<string, string>,
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
          passwordHashes: search.hits.filter(isHash).length,
          roleVerifiers: search.hits.filter(
            ({ needle }) => needle === needles.length + PASSWORD_HASHES.length,
          ).length,
          times: findings.filter(({ why }) => why === "time").length,
          joins,
        },
      },
      {
        id: "T2",
        yields: {
          rows: dumps.gate.rows,
          found: atGate.length,
          columns: { checked: columnsOf("gate"), findings: dumps.gate.findings },
          joins: await measureGateJoins(system.databases.gate, careOf),
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
  careOf: ReadonlyMap<string, string>,
): Promise<JoinRate[]> {
  const [row] = await databases.who<{ practice: Uint8Array }[]>`select practice from practices`;
  if (row === undefined) throw new TypeError("there is a practice to rob");
  const [who, what] = await Promise.all([
    readCommitTimes(clusters.who, row.practice),
    readCommitTimes(clusters.what, row.practice),
  ]);
  return measureJoins(
    await seeFiles(databases.who, "identity", who),
    await seeFiles(databases.what, "care", what),
    careOf,
  );
}

/** T3 and T4: a locked device, with every dump beside it; the gate is not there to be asked. */
async function stealDevice(
  { wish, system, openDevice, onStep }: TheftOptions,
  importKey: Secret<"import-key">,
  needles: readonly string[],
): Promise<Extract<Thief, { id: "T3" | "T4" }>["yields"]> {
  onStep("attacking a locked device");
  const search = new Search(needles);
  await searchFolder(search, system.devices, { name: "device", onFile: () => undefined });
  const [first] = inventStaff(wish).caseloads;
  if (first === undefined) throw new RangeError("a practice without patients has no device");
  const files = Array.from({ length: Math.min(HELD_BACK, wish.patients) }, (_, index): FileId =>
    new PatientIds(importKey, { seed: wish.seed, number: first.from + index }).file("care"),
  );
  const device = openDevice(first.therapist.device);
  try {
    const yields = await attackLockedDevice(device.world, {
      password: INVENTED_PASSWORD,
      endpoints: system.endpoints,
      files,
    });
    return { ...yields, found: search.hits.length };
  } finally {
    device.close();
  }
}

async function controlOf(
  system: RobbedSystem,
  source: Parameters<typeof runControl>[0],
  needles: readonly string[],
): Promise<Control> {
  const who = await system.openControl("who");
  const what = await system.openControl("what");
  try {
    return await runControl(source, needles, {
      databases: { who: who.sql, what: what.sql },
      searchFiles: async (search) => {
        await system.settle();
        for (const { folder } of [who, what])
          await searchFolder(search, folder, { name: "base/1", onFile: () => undefined });
      },
    });
  } finally {
    await Promise.all([who.sql.end(), what.sql.end()]);
  }
}
