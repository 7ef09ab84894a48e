import type { CustomTableLayout, StyleDictionary } from "pdfmake/interfaces.js";

/** Points of 1/72 inch; A4 with margins that leave a line of about eighty characters. */
export const MARGINS = { left: 82, top: 76, right: 82, bottom: 78 };
export const TEXT_WIDTH = 595.28 - MARGINS.left - MARGINS.right;

export const colours = {
  ink: "#1f1e1b",
  quiet: "#6c675d",
  accent: "#1d4f5c",
  alarm: "#a3260c",
  line: "#d9d3c7",
  wash: "#f5f2ec",
};

export const BODY_SIZE = 10;
export const LINE_HEIGHT = 1.24;
/** Courier says that it is two thirds as high as Roboto: lines as far apart need more, and a baseline as low needs a drop. */
export const MONO_LINE_HEIGHT = 1.84;
export const MONO_DROP = 2.9;

/** The type scale: 8, 9, 10, 11.5, 15, 22. */
export const styles: StyleDictionary = {
  heading1: { fontSize: 22, bold: true, color: colours.ink, lineHeight: 1.1 },
  heading2: { fontSize: 15, bold: true, color: colours.accent, lineHeight: 1.12 },
  heading3: { fontSize: 11.5, bold: true, color: colours.ink, lineHeight: 1.15 },
  label: { color: colours.quiet },
  quiet: { color: colours.quiet, fontSize: 9 },
  alarm: { color: colours.alarm, bold: true },
  head: { color: colours.quiet, fontSize: 9, bold: true },
  edge: { color: colours.quiet, fontSize: 8 },
};

/** Space above a heading, and below it. */
export const headingMargins = {
  1: [0, 0, 0, 12],
  2: [0, 16, 0, 6],
  3: [0, 8, 0, 3],
} as const;

const hair = 0.6;

/** Rows divided by hairlines, no vertical lines, flush with the text on both sides. */
export const tableLayout: CustomTableLayout = {
  hLineWidth: (row, { table }) => (row === 0 || row === table.body.length ? 0 : hair),
  vLineWidth: () => 0,
  hLineColor: (row) => (row === 1 ? colours.quiet : colours.line),
  paddingLeft: (column) => (column === 0 ? 0 : 7),
  paddingRight: (column, { table }) => (column === (table.body[0]?.length ?? 0) - 1 ? 0 : 7),
  paddingTop: () => 4,
  paddingBottom: () => 4,
};

export const SLIP_PADDING = 16;

/** Dashes all around: cut here. */
export const slipLayout: CustomTableLayout = {
  hLineWidth: () => hair,
  vLineWidth: () => hair,
  hLineColor: () => colours.quiet,
  vLineColor: () => colours.quiet,
  hLineStyle: () => ({ dash: { length: 4, space: 3 } }),
  vLineStyle: () => ({ dash: { length: 4, space: 3 } }),
  paddingLeft: () => SLIP_PADDING,
  paddingRight: () => SLIP_PADDING,
  paddingTop: () => SLIP_PADDING - 2,
  paddingBottom: () => SLIP_PADDING - 8,
};

/** A quiet ground under a code. */
export const codeLayout: CustomTableLayout = {
  hLineWidth: () => 0,
  vLineWidth: () => 0,
  fillColor: () => colours.wash,
  paddingLeft: () => 12,
  paddingRight: () => 12,
  paddingTop: () => 9,
  paddingBottom: () => 7,
};
