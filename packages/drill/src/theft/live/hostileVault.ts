import type { KnownFile } from "@sinetti/client";
import { VAULT_ROUTES } from "@sinetti/core";
import { generateSignKey } from "@sinetti/core/secret";

import type { FsckReport } from "../../fsck/runFsck.ts";
import { Search } from "../search.ts";
import {
  countAttempts,
  judge,
  seeFile,
  seeFiles,
  type Attempt,
  type AttemptYields,
  type Seen,
} from "./attempt.ts";
import { answerOtherwise, overhear } from "./freshDevice.ts";
import { withRowsKept, type KeptRows } from "./keptRows.ts";
import { PRACTICE_LIES, judgePractice } from "./practiceLies.ts";
import { idBytes, report, writeMore, writeRecords, writtenSentences, type Stage } from "./stage.ts";
import { RECORD_TABLES, VAULT_LIES, type VaultLie } from "./vaultLies.ts";
import { WIRE_LIES, type OpenedFile } from "./wireLies.ts";

/** What root on a vault gets, live. */
export interface HostileVaultYields extends AttemptYields {
  /** Sentences that were read in what passed between a working device and the vault. */
  readonly read: number;
  readonly overheardBytes: number;
  /** Of the same records untouched, how many the same clients open. */
  readonly control: { readonly opened: number; readonly of: number };
}

type VaultName = "who" | "what";
interface Pair {
  readonly file: KnownFile;
  readonly other: KnownFile;
  readonly honest: readonly Seen[];
}
const COMPARTMENT = { who: "identity", what: "care" } as const;

/** Pairs of records with three statements each, of which a reader has told the gate; `older` is what the vault said of the first pair before. */
async function preparePairs(
  { owner, system }: Stage,
  vault: VaultName,
  count: number,
): Promise<{ pairs: Pair[]; older: OpenedFile[] }> {
  const files = await writeRecords(owner, 2 * count, COMPARTMENT[vault]);
  await writeMore(owner.client, files);
  const older: OpenedFile[] = [];
  const fetch = answerOtherwise(
    owner.world.fetch,
    { endpoint: system.endpoints[vault], route: VAULT_ROUTES.fileOpen },
    (answer) => {
      older.push(...answer.files);
      return answer;
    },
  );
  await seeFiles(await owner.fresh.start({ fetch }), files.slice(0, 2));
  await writeMore(owner.client, files);
  await report(owner, files);
  const pairs: Pair[] = [];
  for (let index = 0; index + 1 < files.length; index += 2) {
    const [file, other] = files.slice(index, index + 2);
    if (file === undefined || other === undefined) throw new RangeError("records come in pairs");
    const honest = [seeFile(owner.client, file), seeFile(owner.client, other)];
    pairs.push({ file, other, honest });
  }
  return { pairs, older };
}

/** Opens a pair on a fresh cache. */
async function look(
  { owner }: Stage,
  { file, other }: Pair,
  fetch = owner.world.fetch,
): Promise<(Seen | null)[]> {
  const client = await owner.fresh.start({ fetch });
  return seeFiles(client, [file, other]);
}

/** Whether fsck has named what was done to either of a pair. */
function isNamed({ broken }: FsckReport, { file, other }: Pair): boolean {
  return broken.some((each) => each.file === file.file || each.file === other.file);
}

/** Changes rows of records, each of its own, and lets real clients open them meanwhile. */
export async function tellRows(
  stage: Stage,
  vault: VaultName,
  { pairs, lies }: { pairs: readonly Pair[]; lies: readonly VaultLie[] },
): Promise<Attempt[]> {
  const sql = stage.system.databases[vault];
  const ids = pairs.flatMap(({ file, other }) => [idBytes(file.file), idBytes(other.file)]);
  const kept = RECORD_TABLES.map((table): KeptRows => ({ table, where: sql`file in ${sql(ids)}` }));
  return withRowsKept(sql, kept, async () => {
    for (const [index, { tell }] of lies.entries()) {
      const { file, other } = pairs[index] as Pair;
      const owner = stage.owner.client;
      await tell({ sql, file, other, owner, stranger: stage.colleague.client });
    }
    const checked = await stage.check();
    const attempts: Attempt[] = [];
    for (const [index, { name }] of lies.entries()) {
      const pair = pairs[index] as Pair;
      const outcome = await judge(() => look(stage, pair), pair.honest);
      attempts.push({ name: `vault ${vault}: ${name}`, outcome, named: isNamed(checked, pair) });
    }
    return attempts;
  });
}

async function tellOnWire(
  stage: Stage,
  vault: VaultName,
  { pair, older }: { pair: Pair; older: readonly OpenedFile[] },
): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const { name, tell } of WIRE_LIES) {
    const fetch = answerOtherwise(
      stage.owner.world.fetch,
      { endpoint: stage.system.endpoints[vault], route: VAULT_ROUTES.fileOpen },
      ({ files }) => ({ files: tell(files, older) }),
    );
    const outcome = await judge(() => look(stage, pair, fetch), pair.honest);
    attempts.push({ name: `vault ${vault}, on the wire: ${name}`, outcome, named: null });
  }
  return attempts;
}

async function tellOfPractice(stage: Stage, vault: VaultName): Promise<Attempt[]> {
  const sql = stage.system.databases[vault];
  const { client } = stage.owner;
  await client.context.practice.sync(client.context.services);
  const attempts: Attempt[] = [];
  for (const { name, tell } of PRACTICE_LIES) {
    const kept = [{ table: "practice_links", where: sql`true` }];
    const attempt = await withRowsKept(sql, kept, async (): Promise<Attempt> => {
      await tell({ sql, owner: client, gateKey: generateSignKey().secret });
      const { broken } = await stage.check();
      const outcome = await judgePractice(stage.owner, vault);
      const named = broken.some(({ table }) => table === "practice_links");
      return { name: `vault ${vault}: ${name}`, outcome, named };
    });
    attempts.push(attempt);
  }
  return attempts;
}

/** What is read of a pair that is opened while root on the vault looks on. */
async function readTraffic(
  stage: Stage,
  vault: VaultName,
  pair: Pair,
): Promise<{ read: number; overheardBytes: number }> {
  const search = new Search(writtenSentences());
  const fetch = overhear(stage.owner.world.fetch, stage.system.endpoints[vault], (bytes) =>
    search.bytes("answers of the vault", bytes),
  );
  await look(stage, pair, fetch);
  return { read: search.hits.length, overheardBytes: search.searchedBytes };
}

async function robOne(
  stage: Stage,
  vault: VaultName,
): Promise<{ list: Attempt[] } & Pick<HostileVaultYields, "read" | "overheardBytes" | "control">> {
  const { pairs, older } = await preparePairs(stage, vault, VAULT_LIES.length);
  const [first] = pairs;
  if (first === undefined) throw new RangeError("there is something to lie about");
  const heard = await readTraffic(stage, vault, first);
  const onWire = await tellOnWire(stage, vault, { pair: first, older });
  const inRows = await tellRows(stage, vault, { pairs, lies: VAULT_LIES });
  const ofPractice = await tellOfPractice(stage, vault);
  // The rows are back: what the same clients opened before the lies, they open now.
  let opened = 0;
  for (const pair of pairs)
    if ((await judge(() => look(stage, pair), pair.honest)) === "unchanged") opened++;
  const control = { opened, of: pairs.length };
  return { list: [...onWire, ...inRows, ...ofPractice], ...heard, control };
}

/** T7: root on each vault, live, against real clients. */
export async function robVaultsLive(
  stage: Stage,
  vaults: readonly VaultName[] = ["who", "what"],
): Promise<HostileVaultYields> {
  const robbed: Awaited<ReturnType<typeof robOne>>[] = [];
  for (const vault of vaults) robbed.push(await robOne(stage, vault));
  const sum = (of: (each: (typeof robbed)[number]) => number): number =>
    robbed.reduce((total, each) => total + of(each), 0);
  return {
    ...countAttempts(robbed.flatMap(({ list }) => list)),
    read: sum(({ read }) => read),
    overheardBytes: sum(({ overheardBytes }) => overheardBytes),
    control: { opened: sum(({ control }) => control.opened), of: sum(({ control }) => control.of) },
  };
}
