import {
  importFhir,
  type AssignReport,
  type Client,
  type FhirSource,
  type ImportReport,
} from "@sinetti/client";
import type { Command } from "commander";

import { ASSIGN_OPTIONS, Assignment, assignText } from "../assignment.ts";
import { EXIT } from "../failure.ts";
import { InputError } from "../inputError.ts";
import { findFhirSources } from "../input/fhirSources.ts";
import type { Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, type Words } from "./command.ts";
import { IMPORT_CSV } from "./importCsv.ts";
import { IMPORT_DOCUMENTS } from "./importDocuments.ts";
import { resumable } from "./resumable.ts";

/** `sinetti import`. */
export function addImportCommands(program: Command): void {
  const group = program.command("import").description("Take records over from other systems");
  addCommand(group, {
    usage: "fhir <path...>",
    summary: "Import FHIR R4 bundles, one patient each: .json, .json.gz, folders of them",
    options: [["--dry-run", "read and map everything, write nothing"], ...ASSIGN_OPTIONS],
    example: "sinetti import fhir ./bundles",
    run,
  });
  addCommand(group, IMPORT_CSV);
  addCommand(group, IMPORT_DOCUMENTS);
}

async function run(shell: Shell, words: Words): Promise<Printed> {
  const started = performance.now();
  const sources = await findFhirSources(words.args);
  if (sources.length === 0) throw new InputError(words.args.join(", "), "there is no bundle here");
  const { report, assign } = await withClient(shell, (client) =>
    resumable(shell, () => importAndAssign(shell, client, { sources, words })),
  );
  const seconds = Math.round(performance.now() - started) / 1000;
  const isNothing = Object.keys(report.byType).length === 0 && !shell.interrupt.isAsked;
  if (shell.interrupt.isAsked)
    shell.output.log(
      `${report.patients} patients are whole. Run the same command again: it goes on where this one stopped.`,
    );
  return {
    json: { ...report, ...(assign === null ? {} : { assign }), seconds },
    text: [reportText(report, seconds), ...assignText(assign)].join("\n"),
    exit: isNothing ? EXIT.input : EXIT.done,
  };
}

async function importAndAssign(
  shell: Shell,
  client: Client,
  { sources, words }: { sources: readonly FhirSource[]; words: Words },
): Promise<{ report: ImportReport; assign: AssignReport | null }> {
  const assignment = await Assignment.open(client, words);
  const dryRun = words.flag("dryRun");
  const report = await shell.output.progress((onProgress) =>
    importFhir(client, sources, {
      dryRun,
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      onProgress,
      isStopped: () => shell.interrupt.isAsked,
      ...assignment?.options,
    }),
  );
  return { report, assign: dryRun ? null : ((await assignment?.run(shell)) ?? null) };
}

function reportText(report: ImportReport, seconds: number): string {
  const { patients, entries, kept, unchanged, missingDocuments, rejected } = report;
  return [
    `${patients} new patients, ${entries} entries, ${unchanged} unchanged, ${seconds} s`,
    `${kept} resources without a place of their own are kept whole, sealed`,
    ...(missingDocuments === 0
      ? []
      : [
          `${missingDocuments} documents did not lie beside their bundle; their entries are here without them`,
        ]),
    ...rejected.map(({ file, reason }) => `skipped ${file}: ${reason}`),
  ].join("\n");
}
