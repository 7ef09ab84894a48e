import { writeFileSync } from "node:fs";

import {
  importCsv,
  openDirectory,
  type AssignReport,
  type Client,
  type CsvReport,
} from "@sinetti/client";
import { parseId, type MemberId } from "@sinetti/core";
import { CSV_KINDS, CsvError, type CsvKind, type CsvMapping } from "@sinetti/practice";

import { ASSIGN_OPTIONS, Assignment, assignText } from "../assignment.ts";
import { EXIT } from "../failure.ts";
import { csvInputError, readCsvMapping, saveCsvMapping } from "../input/csvMapping.ts";
import { openFileSource, type FileSource } from "../input/fileSource.ts";
import { InputError, UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { CommandSpec, Words } from "./command.ts";

/** Rows of the report that are shown on a terminal. */
const SHOWN_ROWS = 30;

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
      importAll(shell, client, { words, sources, mapping }),
    );
    const { report } = imported;
    const saved = words.text("saveMapping");
    if (saved !== undefined) saveCsvMapping(saved, report.mapping);
    const path = words.text("report");
    if (path !== undefined) writeReport(path, report);
    return printed(shell, imported, {
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

interface Imported {
  readonly report: CsvReport;
  readonly assign: AssignReport | null;
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
): Promise<Imported> {
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
      therapistOf: (name) => memberByName?.get(name) ?? null,
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

function printed(
  shell: Shell,
  { report, assign }: Imported,
  { seconds, isDry }: { seconds: number; isDry: boolean },
): Printed {
  const { therapists: _, ...shown } = report;
  const isNothing = Object.values(report.byType).every((count) => count === 0);
  if (shell.interrupt.isAsked)
    shell.output.log(
      `${report.patients} patients are whole. Run the same command again: it goes on where this one stopped.`,
    );
  const isRejected = report.refused || (isNothing && !shell.interrupt.isAsked);
  return {
    json: { ...shown, ...(assign === null ? {} : { assign }), seconds },
    text: [reportText(report, { seconds, isDry }), ...assignText(assign)].join("\n"),
    exit: isRejected ? EXIT.input : EXIT.done,
  };
}

function reportText(
  report: CsvReport,
  { seconds, isDry }: { seconds: number; isDry: boolean },
): string {
  const { byType, rejected, warnings } = report;
  const counts = `${byType.patients} patients, ${byType.appointments} appointments, ${byType.notes} notes`;
  const done = isDry
    ? `Dry run: ${counts} would be taken, ${report.planned} entries. Nothing was written.`
    : `${counts} were taken: ${report.patients} new patients, ${report.entries} entries, ${report.unchanged} unchanged, ${seconds} s`;
  const rows = [...rejected.map(rowText("left out")), ...warnings.map(rowText("look at"))];
  const more =
    rows.length > SHOWN_ROWS ? [`and ${rows.length - SHOWN_ROWS} more: see --report FILE`] : [];
  return [
    ...(isDry ? [mappingText(report.mapping), ""] : []),
    report.refused ? "Rows are bad, and --strict was given. Nothing was written." : done,
    `${report.kept} rows with columns that have no place of their own: those are kept with the record, sealed`,
    ...(report.unlisted === 0
      ? []
      : [
          `${report.unlisted} patients are not found by name yet: the gate lists no more for one member in a day. ` +
            "Run the same command again tomorrow, or when a colleague has approved the import.",
        ]),
    ...(rows.length === 0 ? [] : ["", table(rows.slice(0, SHOWN_ROWS)), ...more]),
  ].join("\n");
}

function rowText(what: string): (row: CsvReport["rejected"][number]) => string[] {
  return (row) => [
    what,
    row.file,
    "row" in row ? `row ${row.row}` : "",
    "field" in row ? row.field : "",
    row.reason,
  ];
}

function mappingText(mapping: CsvMapping): string {
  const lines = CSV_KINDS.flatMap((kind) => {
    const file = mapping[kind];
    if (file === undefined) return [];
    const { columns, delimiter, encoding, dateOrder } = file;
    const form = [encoding, JSON.stringify(delimiter), dateOrder].filter(
      (part) => part !== undefined,
    );
    return [
      [kind, form.join(", "), ""],
      ...Object.entries(columns).map(([header, field]) => ["", header, field ?? "kept as it is"]),
    ];
  });
  return table(lines);
}

function writeReport(path: string, report: CsvReport): void {
  const { rejected, warnings, therapists: _, ...rest } = report;
  const rows = [
    ...rejected.map((row) => ({ kind: "rejected", ...row })),
    ...warnings.map((row) => ({ kind: "warning", ...row })),
  ];
  const text = path.toLowerCase().endsWith(".csv")
    ? toCsv(rows)
    : `${JSON.stringify({ ...rest, rejected, warnings }, null, 2)}\n`;
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (cause) {
    throw new InputError(path, "the report cannot be written", { cause });
  }
}

const REPORT_COLUMNS = ["kind", "file", "row", "line", "field", "reason"] as const;

function toCsv(rows: readonly Partial<Record<(typeof REPORT_COLUMNS)[number], unknown>>[]): string {
  const cell = (value: unknown): string => `"${String(value ?? "").replaceAll('"', '""')}"`;
  const lines = rows.map((row) => REPORT_COLUMNS.map((column) => cell(row[column])).join(","));
  return `${[REPORT_COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}
