import { isEmptyRow, parseCells } from "./cells.ts";
import { CsvError } from "./csvError.ts";

/** What may stand between cells. */
export const DELIMITERS = [";", ",", "\t", "|"] as const;
/** What stands between cells. */
export type Delimiter = (typeof DELIMITERS)[number];

/** The delimiter that a spreadsheet's first line names (`sep=;`); undefined: it is no such line. */
export function namedDelimiter(line: string): Delimiter | undefined {
  const named = /^"?sep=(.)"?$/i.exec(line.trim() === "sep=" ? line.trimEnd() + "\t" : line.trim());
  return DELIMITERS.find((delimiter) => delimiter === named?.[1]);
}

/**
 * What separates the columns: the delimiter by which most headers are known, then most rows have the header's width. Throws
 * `delimiter-unknown` when none makes two columns, or two do equally well.
 */
export function detectDelimiter(
  rows: readonly string[],
  isKnownHeader: (header: string) => boolean,
): Delimiter {
  const [header = "", ...rest] = rows;
  const scored = DELIMITERS.map((delimiter) => {
    const headers = parseCells(header, delimiter) ?? [];
    const fitting = rest.filter((row) => {
      const cells = parseCells(row, delimiter);
      return cells !== null && !isEmptyRow(cells) && cells.length >= headers.length;
    });
    return {
      delimiter,
      columns: headers.length,
      score: headers.filter(isKnownHeader).length * 1000 + headers.length + fitting.length / 1000,
    };
  }).filter(({ columns }) => columns > 1);
  scored.sort((a, b) => b.score - a.score);
  const [best, second] = scored;
  if (best === undefined || best.score === second?.score) throw new CsvError("delimiter-unknown");
  return best.delimiter;
}
