/**
 * The cells of one row, quotes taken off and `""` read as one quote (RFC 4180 §2.5–2.7); null when a quoted cell does not end at a
 * delimiter. `="007"`, which spreadsheets write to keep zeros, is 007.
 */
export function parseCells(row: string, delimiter: string): string[] | null {
  if (!row.includes('"')) return row.split(delimiter);
  const cells: string[] = [];
  for (let at = 0; at <= row.length;) {
    if (row[at] !== '"') {
      const end = row.indexOf(delimiter, at);
      const stop = end === -1 ? row.length : end;
      cells.push(unwrapped(row.slice(at, stop)));
      at = stop + 1;
      continue;
    }
    let close = row.indexOf('"', at + 1);
    while (close !== -1 && row[close + 1] === '"') close = row.indexOf('"', close + 2);
    if (close === -1) return null;
    const after = row[close + 1];
    if (after !== undefined && after !== delimiter) return null;
    cells.push(unwrapped(row.slice(at + 1, close).replaceAll('""', '"')));
    at = close + 2;
  }
  return cells;
}

function unwrapped(cell: string): string {
  return /^="(.*)"$/s.exec(cell)?.[1] ?? cell;
}

/** Whether a row says nothing: no cell, or none with more than space in it. */
export function isEmptyRow(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === "");
}

/** The cells of a row as many as the header has; empty ones at the end fall away. null: the row has another width. */
export function fitCells(cells: readonly string[], columns: number): readonly string[] | null {
  if (cells.length === columns) return cells;
  const more = cells.slice(columns);
  return cells.length > columns && isEmptyRow(more) ? cells.slice(0, columns) : null;
}
