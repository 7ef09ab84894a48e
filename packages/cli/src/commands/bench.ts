import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { FhirSource } from "@sinetti/client";
import { compareScreens, runBench, type BenchReport, type BenchRow } from "@sinetti/drill";
import type { Command } from "commander";
import postgres from "postgres";

import { fillDemo } from "../demo/fillDemo.ts";
import { DEMO_STAFF } from "../demo/staff.ts";
import { InputError } from "../inputError.ts";
import { findFhirSources } from "../input/fhirSources.ts";
import { checkReadable } from "../input/readBytes.ts";
import { table, type Printed } from "../output.ts";
import { openProfile } from "../profile/profile.ts";
import type { Shell } from "../shell.ts";
import { buildSite } from "../site/buildSite.ts";
import { clusterAccount } from "../start/clusterAccount.ts";
import { openServiceFolder } from "../start/dataFolder.ts";
import type { RunningSystem } from "../start/startSystem.ts";
import { withTemporarySystem } from "../start/temporarySystem.ts";
import { addCommand, type Words } from "./command.ts";

const SCRATCH = "bench";
const CONNECTIONS = 16;

/** `sinetti bench`. */
export function addBenchCommand(program: Command): void {
  addCommand(program, {
    usage: "bench",
    summary: "Measure a temporary system of its own beside plain SQL on the same disk",
    options: [
      ["--quick", "fewer and shorter runs"],
      ["--fhir <path>", "bundles for the import; invented ones when left out"],
      ["--browser <path>", "measure the screens too, in this Chromium, with a demonstration"],
    ],
    example: "sinetti bench --quick",
    run,
  });
}

async function run(shell: Shell, words: Words): Promise<Printed> {
  const path = words.text("fhir");
  const bundles = path === undefined ? [] : await findFhirSources([path]);
  if (path !== undefined && bundles.length === 0)
    throw new InputError(path, "there is no bundle here");
  for (const { name } of bundles) checkReadable(name);
  const quick = words.flag("quick");
  const services = await withTemporarySystem("bench", (system) =>
    measure(shell, system, { quick, bundles }),
  );
  const executable = words.text("browser");
  const screens = executable === undefined ? [] : await measureScreens(executable, quick);
  const report = { ...services, rows: [...services.rows, ...screens] };
  return { json: report, text: reportText(report) };
}

/** In a system of its own: a demonstration, and a therapist of it who comes in by one click. */
async function measureScreens(executable: string, quick: boolean): Promise<BenchRow[]> {
  return withTemporarySystem(
    "bench-screens",
    async (system) => {
      await fillDemo(system);
      const therapist = DEMO_STAFF.find(({ roles }) => roles.includes("therapist"))?.name ?? "";
      return compareScreens({ executable, origin: system.web, therapist, quick });
    },
    { site: buildSite() },
  );
}

/** An empty database beside the vault's own, on the same disk with the same settings. */
async function openScratch(data: string): Promise<postgres.Sql> {
  const folder = openServiceFolder(join(data, "what"), clusterAccount(), {
    onLog: () => undefined,
  });
  const options = {
    host: folder.socketDir,
    user: "postgres",
    password: readFileSync(join(folder.secrets, "superuser.password"), "utf8").trim(),
    onnotice: () => undefined,
  };
  const admin = postgres({ ...options, database: "postgres", max: 1 });
  await admin`create database ${admin(SCRATCH)}`;
  await admin.end();
  return postgres({ ...options, database: SCRATCH, max: CONNECTIONS });
}

async function measure(
  shell: Shell,
  system: RunningSystem,
  { quick, bundles }: { quick: boolean; bundles: readonly FhirSource[] },
): Promise<BenchReport> {
  if (system.installationCode === undefined) throw new TypeError("a fresh system has a code");
  const { installationCode } = system;
  const endpoints = { who: system.vaultWho, what: system.vaultWhat, gate: system.gate };
  const plain = await openScratch(system.data);
  const profile = openProfile(join(system.data, "bench-profile"), { mayMake: true });
  try {
    return await shell.output.progress((onProgress) =>
      runBench({
        endpoints,
        installationCode,
        plain,
        world: profile.world,
        bundles,
        quick,
        onProgress,
        isStopped: () => shell.interrupt.isAsked,
      }),
    );
  } finally {
    profile.close();
    await plain.end();
  }
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function reportText({ machine, rows }: BenchReport): string {
  const head = ["work", "ours", "limit", "unit", "ratio", "aim", "runs"];
  const lines = rows.map(({ work, ours, limit, unit, ratio, aim, runs }) => [
    work,
    figure(ours),
    figure(limit),
    unit,
    ratio.toFixed(2),
    aim ?? "",
    String(runs),
  ]);
  return `${machine}\n${table([head, ...lines])}`;
}
