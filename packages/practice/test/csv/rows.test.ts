import { describe, expect, it } from "vitest";
import {
  CsvError,
  RowCutter,
  detectDelimiter,
  fitCells,
  isKnownHeader,
  namedDelimiter,
  parseCells,
  uniqueHeaders,
} from "../../src/index.ts";
import type { Units } from "../../src/index.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (each) => each.charCodeAt(0));
const textOf = (units: Units): string => String.fromCharCode(...units);

/** A row is plausible when it has three cells and the second is a year. */
function cut(text: string, units: Units = bytesOf(text)): string[] {
  const isPlausible = (row: Units): boolean => /^[^;]*;\d{4};[^;]*$/s.test(textOf(row));
  const lineBreak = text.includes("\n") ? 10 : 13;
  const cutter = new RowCutter(units, { delimiter: 59, lineBreak, isPlausible });
  const rows: string[] = [];
  for (let at = 0; at < units.length;) {
    const { end, next, isWhole } = cutter.cut(at);
    rows.push(`${isWhole ? "" : "broken: "}${textOf(units.subarray(at, end))}`);
    at = next;
  }
  return rows;
}

describe("RowCutter", () => {
  it.each([
    ["LF", "\n"],
    ["CR LF", "\r\n"],
    ["CR", "\r"],
  ])("ends rows at %s, with and without one at the end", (_, line) => {
    expect(cut(["a;2001;b", "c;2002;d", ""].join(line))).toEqual(["a;2001;b", "c;2002;d"]);
    expect(cut(["a;2001;b", "c;2002;d"].join(line))).toEqual(["a;2001;b", "c;2002;d"]);
  });
  it("leaves line breaks, delimiters and doubled quotes inside quotes to the cell", () => {
    const quoted = 'a;2001;"one\r\ntwo; ""three"""';
    expect(cut(`${quoted}\r\nb;2002;c\r\n`)).toEqual([quoted, "b;2002;c"]);
  });
  it("takes a quote inside a cell for a letter", () => {
    expect(cut('a;2001;5" high\nb;2002;c')).toEqual(['a;2001;5" high', "b;2002;c"]);
  });
  it("costs no row but the one whose quote is never closed", () => {
    expect(cut('a;2001;x\nb;2002;"never\nc;2003;y\nd;2004;z\n')).toEqual([
      "a;2001;x",
      'broken: b;2002;"never\n',
      "c;2003;y",
      "d;2004;z",
    ]);
  });
  it("notices a quote that is closed by a later row's", () => {
    expect(cut('b;2002;"never\nc;2003;y\nd;2004;"z"\ne;2005;w')).toEqual([
      'broken: b;2002;"never\n',
      "c;2003;y",
      'd;2004;"z"',
      "e;2005;w",
    ]);
    expect(cut('b;2002;"never\nc;2003;y\nd;2004;z"\ne;2005;w')[0]).toBe('broken: b;2002;"never\n');
  });
  it("breaks a row with a stray quote, and goes on after the lines that belong to it", () => {
    expect(cut('b;2002;"he said "no"\nand left"\nc;2003;y')).toEqual([
      'broken: b;2002;"he said "no"\nand left"\n',
      "c;2003;y",
    ]);
  });
  it("cuts UTF-16 the same way", () => {
    const text = 'ä;2001;"€\n1"\nb;2002;c';
    const units = Uint16Array.from(text, (each) => each.charCodeAt(0));
    expect(cut(text, units)).toEqual(['ä;2001;"€\n1"', "b;2002;c"]);
  });
});

describe("cells", () => {
  it("takes quotes off, and reads what a spreadsheet wrote to keep zeros", () => {
    expect(parseCells('a;"b;""c""";;="007"', ";")).toEqual(["a", 'b;"c"', "", "007"]);
    expect(parseCells("a\tb", "\t")).toEqual(["a", "b"]);
  });
  it("refuses a quoted cell that does not end at a delimiter", () => {
    expect(parseCells('"a"b;c', ";")).toBeNull();
    expect(parseCells('"a;c', ";")).toBeNull();
  });
  it("lets empty cells at the end fall away, and no others", () => {
    expect(fitCells(["a", "b", "", " "], 2)).toEqual(["a", "b"]);
    expect(fitCells(["a", "b", "c"], 2)).toBeNull();
    expect(fitCells(["a"], 2)).toBeNull();
  });
  it("gives every column a name of its own", () => {
    expect(uniqueHeaders(["Tel", "", "Tel"])).toEqual(["Tel", "column 2", "Tel (2)"]);
  });
});

describe("the delimiter", () => {
  const known = (header: string): boolean => isKnownHeader("patients", header);
  it.each([";", ",", "\t", "|"])("is found: %j", (delimiter) => {
    const rows = [
      ["Sukunimi", "Etunimi", "Osoite"],
      ["A", "B", "Katu 1, 2; 3"],
    ];
    expect(
      detectDelimiter(
        rows.map((row) => row.join(delimiter)),
        known,
      ),
    ).toBe(delimiter);
  });
  it("is what a spreadsheet's first line names", () => {
    expect(["sep=;", '"sep=,"', "SEP=|", "sep=\t", "name;sep=;"].map(namedDelimiter)).toEqual([
      ";",
      ",",
      "|",
      "\t",
      undefined,
    ]);
  });
  it("is refused where nothing tells it", () => {
    expect(() => detectDelimiter(["Sukunimi"], known)).toThrow(CsvError);
    expect(() => detectDelimiter(["a;b,c", "1;2,3"], () => false)).toThrow(CsvError);
  });
});
