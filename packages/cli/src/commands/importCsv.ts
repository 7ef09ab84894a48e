import { importCsv, openDirectory, type Client } from "@sinetti/client";
import { parseId, type MemberId } from "@sinetti/core";
import { CSV_KINDS, CsvError, type CsvKind, type CsvMapping } from "@sinetti/practice";

import { ASSIGN_OPTIONS, Assignment } from "../assignment.ts";
import { csvInputError, readCsvMapping, saveCsvMapping } from "../input/csvMapping.ts";
import { openFileSource, type FileSource } from "../input/fileSource.ts";
import { UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { CommandSpec, Words } from "./command.ts";
import { resumable } from "./resumable.ts";
import { printCsvReport, writeCsvReport, type CsvImported } from "./csvReport.ts";

/** `sinetti import csv`. */
export const IMPORT_CSV: CommandSpec = {
  usage: "csv",
  summary: "Import patients, appointments and notes from CSV files of another system",
  options: [
    ["--patients <file>", "people"],
    ["--appointments <file>", "appointments of these people"],
    ["--notes <file>", "notes of these people"],
    ["--dry-run", "read and map everything, write nothing"],
    ["--strict", "refuse everything when one row is bad"],
    ["--mapping <file>", "how the columns are read, as --save-mapping saved it"],
    ["--save-mapping <file>", "save how the columns are read, to be edited and used again"],
    ["--delimiter <name>", "comma, semicolon, tab or pipe; found out when left out"],
    [
      "--encoding <name>",
      "utf-8, utf-16le, utf-16be, windows-1252 or iso-8859-15; found out when left out",
    ],
    ["--date-order <order>", "dmy, mdy or ymd, where the dates do not tell"],
    ["--pivot <year>", "last year of two digits that belongs to this century, such as 30"],
    [
      "--report <file>",
      "write every row that was left out or could not be read whole: .csv or .json",
    ],
    ...ASSIGN_OPTIONS,
  ],
  example: "sinetti import csv --patients asiakkaat.csv --notes kirjaukset.csv --dry-run",
  run,
};

async function run(shell: Shell, words: Words): Promise<Printed> {
  const started = performance.now();
  const sources = openSources(words);
  try {
    const mapping = readCsvMapping(Object.keys(sources) as CsvKind[], {
      mapping: words.text("mapping"),
      delimiter: words.text("delimiter"),
      encoding: words.text("encoding"),
      dateOrder: words.text("dateOrder"),
      pivot: words.text("pivot"),
    });
    const imported = await withClient(shell, (client) =>
      resumable(shell, () => importAll(shell, client, { words, sources, mapping })),
    );
    const { report } = imported;
    const saved = words.text("saveMapping");
    if (saved !== undefined) saveCsvMapping(saved, report.mapping);
    const path = words.text("report");
    if (path !== undefined) writeCsvReport(path, report);
    return printCsvReport(shell, imported, {
      seconds: Math.round(performance.now() - started) / 1000,
      isDry: words.flag("dryRun"),
    });
  } catch (error) {
    throw error instanceof CsvError ? csvInputError(error) : error;
  } finally {
    for (const source of Object.values(sources)) source.close();
  }
}

function openSources(words: Words): Partial<Record<CsvKind, FileSource>> {
  const sources: Partial<Record<CsvKind, FileSource>> = {};
  for (const kind of CSV_KINDS) {
    const path = words.text(kind);
    if (path !== undefined) sources[kind] = openFileSource(path);
  }
  if (Object.keys(sources).length === 0)
    throw new UsageError("Give at least one of --patients, --appointments and --notes");
  return sources;
}

async function importAll(
  shell: Shell,
  client: Client,
  {
    words,
    sources,
    mapping,
  }: {
    words: Words;
    sources: Partial<Record<CsvKind, FileSource>>;
    mapping: CsvMapping;
  },
): Promise<CsvImported> {
  if (!client.roles.includes("therapist"))
    throw new UsageError(
      "Only a therapist can create care records: import with a therapist's profile",
    );
  const memberByName = sources.appointments === undefined ? null : await membersByName(client);
  const assignment = await Assignment.open(client, words);
  const dryRun = words.flag("dryRun");
  const report = await shell.output.progress((onProgress) =>
    importCsv(client, sources, {
      mapping,
      dryRun,
      isStrict: words.flag("strict"),
      zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      therapistOf: (name) => assignment?.therapistOf(name) ?? memberByName?.get(name) ?? null,
      onProgress,
      isStopped: () => shell.interrupt.isAsked,
      ...assignment?.options,
    }),
  );
  return { report, assign: dryRun ? null : ((await assignment?.run(shell)) ?? null) };
}

/** Members by their names; a name that two share is nobody's. */
async function membersByName({ context }: Client): Promise<Map<string, MemberId | null>> {
  const { values } = await openDirectory(context);
  const found = new Map<string, MemberId | null>();
  for (const value of values.values())
    if (value.kind === "member")
      found.set(value.name, found.has(value.name) ? null : parseId<MemberId>(value.id));
  return found;
}
