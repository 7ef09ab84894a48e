import { randomBytes } from "node:crypto";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { importFhir, type Client, type FhirSource } from "@sinetti/client";
import { initSuite } from "@sinetti/core";
import {
  costRows,
  fhirNeedles,
  countLosses,
  openedByLive,
  runTheft,
  theftRows,
  type TheftReport,
} from "@sinetti/drill";
import { renderMarkdown, type Paper } from "@sinetti/paper";
import type { Command } from "commander";

import { CaseloadThreads } from "../drill/caseloadThreads.ts";
import { withRobbedSystem } from "../drill/robbedSystem.ts";
import { WISH_OPTIONS, readWish } from "../drill/wishOptions.ts";
import { EXIT } from "../failure.ts";
import { InputError, Interrupted } from "../inputError.ts";
import { findFhirSources } from "../input/fhirSources.ts";
import { checkReadable } from "../input/readBytes.ts";
import { table, type Printed } from "../output.ts";
import { openProfile } from "../profile/profile.ts";
import type { Shell } from "../shell.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import type { RunningSystem } from "../start/startSystem.ts";
import { withTemporarySystem } from "../start/temporarySystem.ts";
import { addCommand, type Words } from "./command.ts";

/** `sinetti drill theft`. */
export function addTheftCommand(drill: Command): void {
  addCommand(drill, {
    usage: "theft",
    summary:
      "Fill a temporary system with invented people, steal everything from it, and say what the thief gets",
    options: [
      ...WISH_OPTIONS,
      ["--fhir <path>", "bundles to import beside the invented people"],
      ["--keep <dir>", "where the dated report is kept"],
    ],
    example: "sinetti drill theft --patients 2000 --plant strings.txt --keep reports",
    run,
  });
}

async function run(shell: Shell, words: Words): Promise<Printed> {
  const bundles = await findBundles(words.text("fhir"));
  const home = mkdtempSync(join(tmpdir(), "sinetti-stolen-"));
  const log = createWriteStream(
    join(makePrivateFolder(join(home, "logs"), undefined), "system.log"),
  );
  try {
    await initSuite((length) => randomBytes(length));
    const report = await withTemporarySystem(
      "theft",
      (system) => rob(shell, words, { system, home, bundles }),
      {
        onLog: (source, line) => log.write(`[${source}] ${line}\n`),
      },
    );
    const keep = words.text("keep");
    if (keep !== undefined) keepReport(keep, report);
    const isWhole = report.control.missed.length === 0 && report.readBack.missing.length === 0;
    const isTight =
      report.found.length === 0 &&
      isWhole &&
      openedByLive(report.thieves).length === 0 &&
      countLosses(report.thieves) === 0;
    return {
      json: report,
      text: reportText(report),
      ...(isTight ? {} : { exit: EXIT.verification }),
    };
  } finally {
    log.end();
    rmSync(home, { recursive: true, force: true });
  }
}

async function rob(
  shell: Shell,
  words: Words,
  {
    system,
    home,
    bundles,
  }: { system: RunningSystem; home: string; bundles: readonly FhirSource[] },
): Promise<TheftReport> {
  const { wish, workers } = readWish(words);
  const devices = makePrivateFolder(join(home, "devices"), undefined);
  const threads = new CaseloadThreads(devices);
  const { output, interrupt } = shell;
  return withRobbedSystem(
    system,
    { logs: join(home, "logs"), devices, shelf: join(home, "backups") },
    (robbed) =>
      output.progress((onProgress) =>
        runTheft({
          wish,
          workers,
          system: robbed,
          installationCode: system.installationCode,
          openDevice: (name) => openProfile(join(devices, name), { mayMake: true }),
          runTask: (task, hooks) => threads.run(task, hooks),
          alsoWrite: (client) => importAll(client, bundles),
          onStep: (step) => {
            if (interrupt.isAsked)
              throw new Interrupted(
                "Stopped. The temporary system is removed; there is no report.",
              );
            output.log(step);
          },
          onProgress,
          isStopped: () => interrupt.isAsked,
        }),
      ),
  );
}

/** Looked for before the work of minutes begins. Error: InputError where none can be read. */
async function findBundles(path: string | undefined): Promise<FhirSource[]> {
  if (path === undefined) return [];
  const sources = await findFhirSources([path]);
  if (sources.length === 0) throw new InputError(path, "there is no bundle here");
  for (const { name } of sources) checkReadable(name);
  return sources;
}

/** Imports bundles; gives what they say of people. */
async function importAll(client: Client, sources: readonly FhirSource[]): Promise<string[]> {
  if (sources.length === 0) return [];
  const { rejected } = await importFhir(client, sources, {
    dryRun: false,
    zone: "Europe/Helsinki",
    onProgress: () => undefined,
    isStopped: () => false,
  });
  const refused = new Set(rejected.map(({ file }) => file));
  const needles = new Set<string>();
  for (const source of sources)
    if (!refused.has(source.name))
      for (const each of fhirNeedles(await source.read())) needles.add(each);
  return [...needles];
}

function reportText(report: TheftReport): string {
  const { planted, searchedBytes, searchSeconds, found, machine, patients, seconds } = report;
  const gigabytes = (searchedBytes / 1e9).toFixed(2);
  const head = `${patients} invented patients; ${planted} strings looked for in ${gigabytes} GB (${(searchedBytes / 1e6 / searchSeconds).toFixed(0)} MB/s): ${found.length} found; ${seconds.toFixed(0)} s`;
  return `${machine}\n${head}\n${table(theftRows(report))}\n\n${table(costRows(report.cost))}`;
}

function keepReport(folder: string, report: TheftReport): void {
  makePrivateFolder(folder, undefined);
  const made = new Date().toISOString();
  const [head = [], ...rows] = theftRows(report);
  const [costHead = [], ...costs] = costRows(report.cost);
  const [machine = "", summary = ""] = reportText(report).split("\n");
  const paper: Paper = {
    title: "What a thief gets",
    language: "en",
    made,
    blocks: [
      { type: "heading", level: 1, text: "What a thief gets" },
      { type: "paragraph", text: `${made.slice(0, 10)}. ${machine}.` },
      { type: "paragraph", text: summary },
      { type: "table", head, rows },
      { type: "table", head: costHead, rows: costs },
    ],
  };
  const name = join(folder, `theft-${made.slice(0, 19).replaceAll(":", "")}`);
  writeFileSync(`${name}.json`, `${JSON.stringify({ made, ...report }, null, 2)}\n`, {
    mode: 0o600,
  });
  writeFileSync(`${name}.md`, renderMarkdown(paper), { mode: 0o600 });
}
