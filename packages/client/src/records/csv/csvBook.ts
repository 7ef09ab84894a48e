import {
  CSV_KINDS,
  CsvRow,
  PatientRegistry,
  readPatientRow,
  readReference,
  type CsvKind,
  type CsvMapping,
} from "@sinetti/practice";
import type { ByteSource } from "./byteSource.ts";
import { CsvFile, type CsvSettings, type RowPlace } from "./csvFile.ts";
import type { RowReport } from "./csvReport.ts";
import { RowIndex } from "./rowIndex.ts";

/** A file of one kind, with the place of each of its rows by whose it is. */
interface Indexed {
  readonly file: CsvFile;
  readonly index: RowIndex;
}

/** A row of one person, read again from its place. */
export interface PlacedRow {
  readonly place: RowPlace;
  readonly row: CsvRow;
}

/** CSV files that belong together: who the people are, and where each one's rows lie. No row is held. */
export class CsvBook {
  readonly registry = new PatientRegistry();
  readonly rejected: RowReport[] = [];
  readonly mapping: CsvMapping = { v: 1 };
  readonly #files = new Map<CsvKind, Indexed>();

  private constructor() {}

  /** Reads every file through: for its form, then for its people. CsvError, naming the file: it cannot be told how to read it. */
  static async open(
    sources: Readonly<Partial<Record<CsvKind, ByteSource>>>,
    options: Omit<CsvSettings, "mapping"> & { mapping: CsvMapping | null },
  ): Promise<CsvBook> {
    const book = new CsvBook();
    for (const kind of CSV_KINDS) {
      const source = sources[kind];
      if (source === undefined) continue;
      const mapping = options.mapping?.[kind];
      const file = await CsvFile.open(source, kind, { ...options, mapping });
      book.mapping[kind] = file.mapping;
      book.#files.set(kind, { file, index: new RowIndex() });
    }
    for (const kind of CSV_KINDS) await book.#indexRows(kind);
    return book;
  }

  /** Rows of all files. */
  get rowCount(): number {
    return [...this.#files.values()].reduce((sum, { file }) => sum + file.rowCount, 0);
  }

  /** Whether there is a file of patients: without one, everybody must have been imported before. */
  get hasPatients(): boolean {
    return this.#files.has("patients");
  }

  async #indexRows(kind: CsvKind): Promise<void> {
    const indexed = this.#files.get(kind);
    if (indexed === undefined) return;
    const { file, index } = indexed;
    for await (const scanned of file.rows()) {
      if (scanned.cells === null) {
        this.#reject(file, scanned, { field: "", reason: scanned.reason });
        continue;
      }
      const row = new CsvRow(file.table, scanned.cells);
      const owner = kind === "patients" ? this.#register(row) : this.#find(row);
      if (typeof owner === "number") index.add(scanned, owner);
      else
        this.#reject(file, scanned, {
          field: kind === "patients" ? "name" : "patient",
          reason: owner,
        });
    }
  }

  #register(row: CsvRow): number | "missing" {
    const read = readPatientRow(row);
    return read === undefined ? "missing" : this.registry.take(read.keys);
  }

  #find(row: CsvRow): number | "missing" | "unknown-patient" | "several-patients" {
    const reference = readReference(row);
    const { id, code, name } = reference;
    if (id === undefined && code === undefined && name === undefined) return "missing";
    return this.hasPatients ? this.registry.find(reference) : this.registry.take(reference);
  }

  #reject(
    file: CsvFile,
    { row, line }: RowPlace,
    { field, reason }: Pick<RowReport, "field" | "reason">,
  ): void {
    this.rejected.push({ file: file.name, row, line, field, reason });
  }

  /** Units of a person's rows of all files: what reading them takes. */
  sizeOf(owner: number): number {
    let size = 0;
    for (const { index } of this.#files.values())
      for (const { units } of index.of(owner)) size += units;
    return size;
  }

  /** Where a person's rows of one kind lie. */
  places(kind: CsvKind, owner: number): RowPlace[] {
    return this.#files.get(kind)?.index.of(owner) ?? [];
  }

  /** A person's rows of one kind, in the order of the file. */
  async read(kind: CsvKind, owner: number): Promise<PlacedRow[]> {
    const indexed = this.#files.get(kind);
    if (indexed === undefined) return [];
    const { file, index } = indexed;
    return Promise.all(
      index
        .of(owner)
        .map(async (place) => ({ place, row: new CsvRow(file.table, await file.read(place)) })),
    );
  }

  /** A report about a row of one kind. */
  report(
    kind: CsvKind,
    { row, line }: RowPlace,
    { field, reason }: Pick<RowReport, "field" | "reason">,
  ): RowReport {
    return { file: this.#files.get(kind)?.file.name ?? "", row, line, field, reason };
  }
}
