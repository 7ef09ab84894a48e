/** A run of text; plain unless it says otherwise. */
export interface Span {
  readonly text: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  /** Set in a fixed-width face: codes, hashes, ids. */
  readonly mono?: boolean;
  /** Set smaller and lighter: source marks, notes in passing. */
  readonly quiet?: boolean;
}
/** Text of a block; never markup: whatever stands in it is printed as it stands. */
export type Text = string | readonly Span[];

/** One item of a list, with items below it. */
export interface Item {
  readonly text: Text;
  readonly items?: readonly Item[];
}

/** A label with its value on the label's own line, and items below the value. */
export interface Field {
  readonly label: string;
  readonly value: Text;
  readonly items?: readonly Item[];
}

/** One block of a paper. */
export type Block =
  | { readonly type: "heading"; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly type: "paragraph"; readonly text: Text; readonly tone?: "quiet" | "alarm" }
  | { readonly type: "list"; readonly items: readonly Item[]; readonly ordered?: boolean }
  /** Labels with their values, one a line. */
  | { readonly type: "fields"; readonly rows: readonly Field[] }
  | {
      readonly type: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly Text[])[];
      /** Shares of the width, one a column; equal when left out. */
      readonly widths?: readonly number[];
      /** Columns set flush right with tabular figures, by index. */
      readonly numeric?: readonly number[];
    }
  /** A code that somebody reads off the paper and types: large, fixed width, never broken across lines. */
  | { readonly type: "code"; readonly text: string }
  | { readonly type: "qr"; readonly text: string; readonly caption?: string }
  /** A box that is cut out and handed to one person: never broken across pages. */
  | { readonly type: "slip"; readonly blocks: readonly Block[] }
  | { readonly type: "rule" }
  | { readonly type: "pageBreak" };

/** Something that is printed: made once, rendered as Markdown or PDF. */
export interface Paper {
  /** In the document's metadata and at the head of every page but the first; the first page says what its blocks say. */
  readonly title: string;
  readonly language: "en" | "fi" | "sv";
  /** Under each page, before the page number. */
  readonly footer?: string;
  /** Across each page, such as DRILL. */
  readonly watermark?: string;
  /** ISO 8601 instant that the PDF gives as its date, so that the same paper gives the same bytes. */
  readonly made: string;
  readonly blocks: readonly Block[];
}
