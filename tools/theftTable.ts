/**
 * Puts what a theft gave into the README, the first row of each thief, and into docs/bench/theft.md, all of it:
 *
 *   sinetti drill theft --patients 2000 --plant strings.txt --keep reports
 *   node tools/theftTable.ts reports/theft-….json
 *
 * The figures that both are written from are kept in docs/bench/theft.json. A test holds the three together.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { costRows, theftRows, type TheftReport } from "@sinetti/drill";

import { root } from "./step.ts";

const README = join(root, "README.md");
const FIGURES = join(root, "docs", "bench", "theft.json");
const PAGE = join(root, "docs", "bench", "theft.md");
const BEGIN = "<!-- theft: written by tools/theftTable.ts, not by hand -->";
const END = "<!-- theft ends -->";

/** What is kept of a run: figures and words of ours, no string that was planted. */
export interface TheftFigures {
  readonly made: string;
  readonly machine: string;
  readonly patients: number;
  readonly entries: number;
  readonly planted: number;
  readonly searchedBytes: number;
  readonly found: number;
  readonly seconds: number;
  /** Head and rows: which thief, what they look for, what they get. */
  readonly rows: readonly (readonly string[])[];
  readonly cost: readonly (readonly string[])[];
}

/** What is kept of a report. */
export function figuresOf(report: TheftReport & { readonly made: string }): TheftFigures {
  const { made, machine, patients, entries, planted, searchedBytes, found, seconds } = report;
  return {
    made,
    machine,
    patients,
    entries,
    planted,
    searchedBytes,
    found: found.length,
    seconds,
    rows: theftRows(report),
    cost: costRows(report.cost),
  };
}

const grouped = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");

const day = ({ made }: TheftFigures): string => made.slice(0, 10);

function summaryOf(figures: TheftFigures): string {
  const { patients, entries, planted, searchedBytes, found } = figures;
  const places = `${grouped(planted)} strings looked for in ${(searchedBytes / 1e9).toFixed(1)} GB`;
  const people = `${grouped(patients)} invented patients with ${grouped(entries)} entries`;
  return `${day(figures)}: ${people}, ${places}. Found: ${found === 0 ? "none" : grouped(found)}.`;
}

/** The README's block, markers included: what each thief is after first. */
export function theftBlock(figures: TheftFigures): string {
  const [head = [], ...rows] = figures.rows;
  const first = groupThieves(rows).flatMap(({ names, gets: [main = []] }) => [
    [names.join(", "), ...main],
  ]);
  return [BEGIN, "", summaryOf(figures), "", ...tableLines([head, ...first]), "", END].join("\n");
}

/** The page with every row. */
export function theftPage(figures: TheftFigures): string {
  const [head = [], ...rows] = figures.rows;
  const all = groupThieves(rows).flatMap(({ names, gets }) =>
    gets.map((rest) => [names.join(", "), ...rest]),
  );
  return [
    "# What a thief gets",
    "",
    "Written by `tools/theftTable.ts` from [theft.json](theft.json), not by hand. Other programs were at work on the machine: of times only the ratios mean something.",
    "",
    summaryOf(figures),
    "",
    `${figures.machine}.`,
    "",
    ...tableLines([head, ...all]),
    "",
    ...tableLines(figures.cost),
    "",
  ].join("\n");
}

interface ThiefRows {
  readonly names: string[];
  readonly gets: (readonly string[])[];
}

/** Rows by thief; thieves who stand one after the other and get the same share theirs. */
function groupThieves(rows: readonly (readonly string[])[]): ThiefRows[] {
  const groups: ThiefRows[] = [];
  for (const [thief, own] of Map.groupBy(rows, ([name = ""]) => name)) {
    const gets = own.map(([, ...rest]) => rest);
    const last = groups.at(-1);
    if (last !== undefined && JSON.stringify(last.gets) === JSON.stringify(gets))
      last.names.push(thief);
    else groups.push({ names: [thief], gets });
  }
  return groups;
}

/** As the formatter lays a table out, so that neither undoes the other. */
function tableLines(rows: readonly (readonly string[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(3, ...cells.map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[], fill = " "): string =>
    `| ${widths
      .map((width, column) => {
        const cell = row[column] ?? "";
        return cell + fill.repeat(width - cell.length);
      })
      .join(" | ")} |`;
  const [head = [], ...rest] = cells;
  return [
    line(head),
    line(
      head.map(() => ""),
      "-",
    ),
    ...rest.map((row) => line(row)),
  ];
}

/** Where the block stands in a text. Throws RangeError where there is none. */
function findBlock(text: string): [from: number, to: number] {
  const [from, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || end < from) throw new RangeError("there is no place for the table");
  return [from, end + END.length];
}

/** A text with its block put in place of the one that is there. Throws RangeError for a text without one. */
export function replaceBlock(text: string, block: string): string {
  const [from, to] = findBlock(text);
  return text.slice(0, from) + block + text.slice(to);
}

/** The block as it stands in a text; throws as `replaceBlock`. */
export function readBlock(text: string): string {
  return text.slice(...findBlock(text));
}

if (import.meta.main) {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new TypeError("usage: node tools/theftTable.ts REPORT.json");
  const report = JSON.parse(readFileSync(path, "utf8")) as Parameters<typeof figuresOf>[0];
  const figures = figuresOf(report);
  const readme = replaceBlock(readFileSync(README, "utf8"), theftBlock(figures));
  writeFileSync(FIGURES, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(PAGE, theftPage(figures));
  writeFileSync(README, readme);
}
