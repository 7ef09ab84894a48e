import { randomBytes } from "node:crypto";

import {
  Client,
  addNote,
  openFiles,
  readEntries,
  type Endpoints,
  type FileRef,
  type KnownFile,
} from "@sinetti/client";
import type { Sql } from "postgres";

import { createCareFiles } from "./benchPractice.ts";
import { compare, timeMs, type BenchRow, type Comparison } from "./compare.ts";
import { insertAppends, insertFiles, readChart } from "./plainTables.ts";
import { sampleNote } from "./sampleNote.ts";

const ENTRIES = 60;
/** Until the engine has compiled what runs sixty times an opening. */
const WARM_UPS = 10;

async function openChart({ context }: Client, ref: FileRef): Promise<void> {
  const [opened] = await openFiles(context, [ref], { purpose: "preparation" });
  if (opened === undefined || opened.file === null) throw new TypeError("the chart did not open");
  if (readEntries(context, opened.file).length !== ENTRIES) throw new TypeError("not all entries");
}

/** The same unlocked device with nothing in memory and nothing on disk of any file. */
async function forgetFiles(client: Client, endpoints: Endpoints): Promise<Client> {
  const { device, world } = client.context;
  const names = await device.list("file/");
  await device.write(names.map((name) => ({ name, value: null })));
  return Client.of(world, device, endpoints);
}

async function writeChart(client: Client): Promise<KnownFile> {
  const [file] = await createCareFiles(client, 1);
  if (file === undefined) throw new TypeError("no file was made");
  for (let written = 0; written < ENTRIES; written++) await addNote(client, file, sampleNote());
  return file;
}

async function writePlain(sql: Sql, { links }: KnownFile): Promise<Uint8Array> {
  const file = randomBytes(16);
  await insertFiles(sql, [{ file, statement: randomBytes(500) }]);
  for (const [seq, { link, boxes }] of links.entries())
    await insertAppends(sql, [{ file, seq, statement: link.signed, boxes: boxes ?? [] }]);
  await sql`vacuum analyze`;
  return file;
}

/** Opens a chart with nothing known of it, with its verified prefix known, and inside a lease, beside one select. */
export async function compareCharts(
  { client, plain, endpoints }: { client: Client; plain: Sql; endpoints: Endpoints },
  runs: number,
): Promise<BenchRow[]> {
  const chart = await writeChart(client);
  const ref: FileRef = { file: chart.file, vault: chart.vault };
  const file = await writePlain(plain, chart);
  const row = (work: string, aim: string, ours: () => Promise<number>): Comparison => ({
    work: `open a chart of ${ENTRIES} entries, ${work}`,
    unit: "ms",
    runs,
    aim,
    ours,
    limit: () => timeMs(() => readChart(plain, file)),
  });
  const rows = [
    row("cold", "<= 8", async () => {
      const fresh = await forgetFiles(client, endpoints);
      return timeMs(() => openChart(fresh, ref));
    }),
    row("warm, keys dropped", "<= 3", async () => {
      client.lock();
      return timeMs(() => openChart(client, ref));
    }),
    row("warm, inside the lease", "<= 3", () => timeMs(() => openChart(client, ref))),
  ];
  const measured: BenchRow[] = [];
  for (const each of rows) measured.push(await compare(each, { warmUps: WARM_UPS }));
  return measured;
}
