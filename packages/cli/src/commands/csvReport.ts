import { writeFileSync } from "node:fs";

import type { AssignReport, CsvReport } from "@sinetti/client";
import { CSV_KINDS, type CsvMapping } from "@sinetti/practice";

import { assignText } from "../assignment.ts";
import { EXIT } from "../failure.ts";
import { InputError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import type { Shell } from "../shell.ts";

/** Rows of the report that are shown on a terminal. */
const SHOWN_ROWS = 30;

/** What an import of CSV files did, and what it handed over. */
export interface CsvImported {
  readonly report: CsvReport;
  readonly assign: AssignReport | null;
}

/** The report for people and for programs; an import that took nothing, or refused to, fails. */
export function printCsvReport(
  shell: Shell,
  { report, assign }: CsvImported,
  { seconds, isDry }: { seconds: number; isDry: boolean },
): Printed {
  const isNothing = Object.values(report.byType).every((count) => count === 0);
  if (shell.interrupt.isAsked)
    shell.output.log(
      `${report.patients} patients are whole. Run the same command again: it goes on where this one stopped.`,
    );
  const isRejected = report.refused || (isNothing && !shell.interrupt.isAsked);
  return {
    json: { ...report, ...(assign === null ? {} : { assign }), seconds },
    text: [reportText(report, { seconds, isDry }), ...assignText(assign)].join("\n"),
    exit: isRejected ? EXIT.input : EXIT.done,
  };
}

function reportText(
  report: CsvReport,
  { seconds, isDry }: { seconds: number; isDry: boolean },
): string {
  const { byType, rejected, warnings, unlisted } = report;
  const counts = `${byType.patients} patients, ${byType.appointments} appointments, ${byType.notes} notes`;
  const done = isDry
    ? `Dry run: ${counts} would be taken, ${report.planned} entries. Nothing was written.`
    : `${counts} were taken: ${report.patients} new patients, ${report.entries} entries, ${report.unchanged} unchanged, ${seconds} s`;
  const rows = [...rejected.map(rowText("left out")), ...warnings.map(rowText("look at"))];
  const more = rows.length - SHOWN_ROWS;
  return [
    ...(isDry ? [mappingText(report.mapping), ""] : []),
    report.refused ? "Rows are bad, and --strict was given. Nothing was written." : done,
    ...(report.kept === 0 ? [] : [keptText(report.kept)]),
    ...(unlisted === 0 ? [] : [unlistedText(unlisted)]),
    ...(rows.length === 0 ? [] : ["", table(rows.slice(0, SHOWN_ROWS))]),
    ...(more > 0 ? [`and ${more} more: see --report FILE`] : []),
  ].join("\n");
}

function keptText(kept: number): string {
  return `${kept} rows with columns that have no place of their own: those are kept with the record, sealed`;
}

function unlistedText(unlisted: number): string {
  return (
    `${unlisted} patients are not found by name yet: the gate lists no more for one member in a day. ` +
    "Run the same command again tomorrow, or when a colleague has consented: " +
    "sinetti openings approve <your id> --scope identity --count 1 --until <date> --reason import"
  );
}

function rowText(what: string): (row: CsvReport["rejected"][number]) => string[] {
  return ({ file, row, field, reason }) => [what, file, `row ${row}`, field, reason];
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

/** Writes every row that was left out or could not be read whole: a table for `.csv`, else the whole report as JSON. Error: InputError. */
export function writeCsvReport(path: string, report: CsvReport): void {
  const text = path.toLowerCase().endsWith(".csv")
    ? toCsv(report)
    : `${JSON.stringify(report, null, 2)}\n`;
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (cause) {
    throw new InputError(path, "the report cannot be written", { cause });
  }
}

function toCsv({ rejected, warnings }: CsvReport): string {
  const lineOf =
    (kind: string) =>
    ({ file, row, line, field, reason }: CsvReport["rejected"][number]): string =>
      [kind, file, `${row}`, `${line}`, field, reason].map(quoted).join(",");
  const lines = [...rejected.map(lineOf("rejected")), ...warnings.map(lineOf("warning"))];
  return `${["kind,file,row,line,field,reason", ...lines].join("\r\n")}\r\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
