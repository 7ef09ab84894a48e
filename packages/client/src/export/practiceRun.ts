import type { FileId } from "@sinetti/core";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import { authorTime } from "../records/body.ts";
import { makeEncrypter, sealStream, type Recipients } from "./ageFile.ts";
import { ExportError } from "./exportError.ts";
import {
  writeFolderManifest,
  type ExportFolder,
  type FolderFile,
  type FolderManifest,
  type Gap,
} from "./exportFolder.ts";
import {
  exportPatient,
  isApprovable,
  type ExportReport,
  type ExportTools,
} from "./exportPatient.ts";
import { practiceArchive } from "./practiceArchive.ts";
import type { PracticeParts } from "./readPatientRecord.ts";
import { zipParts } from "./zipFile.ts";

/** What came of a run. */
export interface PracticeReport {
  readonly packages: number;
  readonly total: number;
  readonly gaps: readonly Gap[];
  /** The gate's word on which the run waits for another approval; null: it did not have to. */
  readonly waitsFor: string | null;
  readonly finished: boolean;
}

/** How to give a practice out. */
export interface PracticeWish {
  readonly to: Extract<Recipients, { recipients: readonly string[] }>;
  readonly folder: ExportFolder;
  readonly tools: Omit<ExportTools, "write">;
}

const ROW = "exporting/";
const ARCHIVE = "practice.age";
const INDEX = "index.age";

function packageName(patient: FileId): string {
  return `patient-${patient}.age`;
}

/** What a folder holds by now. */
export function reportOf(
  { packages, gaps, finished }: FolderManifest,
  total: number,
  waitsFor: string | null,
): PracticeReport {
  return { packages: packages.length, total, gaps, waitsFor, finished: finished !== null };
}

/** Which file is whose: a row of the index. */
interface IndexRow {
  readonly patient: string;
  readonly name: string;
  readonly file: string;
  readonly files: readonly FileId[];
  readonly entries: number;
  readonly documents: number;
}

/** One run: what is whole so far, and the rows of the index, kept sealed on this device until it is written. */
export class PracticeRun {
  readonly #client: Client;
  readonly #wish: PracticeWish;
  readonly #parts: PracticeParts;
  #manifest: FolderManifest;

  constructor(
    client: Client,
    {
      wish,
      parts,
      manifest,
    }: { wish: PracticeWish; parts: PracticeParts; manifest: FolderManifest },
  ) {
    this.#client = client;
    this.#wish = wish;
    this.#parts = parts;
    this.#manifest = manifest;
  }

  /** Whether a patient's package lies in the folder as the manifest says, and its row of the index on this device. */
  async has(patient: FileId): Promise<boolean> {
    const known = this.#manifest.packages.find(({ file }) => file === packageName(patient));
    if (known === undefined || (await this.#row(patient)) === null) return false;
    return (await this.#wish.folder.size(known.file)) === known.bytes;
  }

  /** Gives one patient out, unless the run is stopped; the gate's word when another person must approve first. */
  async take(patient: FileId): Promise<string | null> {
    const { to, folder, tools } = this.#wish;
    const file = packageName(patient);
    try {
      const {
        bytes,
        sha256: hash,
        value,
      } = await folder.write(file, (write) =>
        exportPatient(this.#client, patient, {
          wish: {
            to,
            forWhom: "the practice, which leaves",
            reason: "leaving",
            withhold: [],
            waitsForApproval: true,
          },
          tools: { ...tools, write, onProgress: () => undefined },
          parts: this.#parts,
        }),
      );
      await this.#keepRow(patient, value);
      for (const each of value.files) this.#client.context.files.forget(each);
      const made = { file, bytes, sha256: hash };
      await this.#note(file, { made, gaps: value.closed });
      return null;
    } catch (error) {
      if (error instanceof ExportError && error.code === "stopped") return null;
      const outcome = refusedOutcome(error);
      if (outcome === null) throw error;
      if (isApprovable(outcome) || outcome === "frozen" || outcome === "canary") return outcome;
      await this.#note(file, { made: null, gaps: [{ compartment: "identity", outcome }] });
      return null;
    }
  }

  /** What belongs to the practice, and which file is whose: last, since it tells of all the others. */
  async finish(patients: readonly FileId[]): Promise<void> {
    const { folder, tools, to } = this.#wish;
    const rows = (await Promise.all(patients.map((patient) => this.#row(patient)))).filter(
      (row) => row !== null,
    );
    const { startHash } = tools;
    const files = rows.flatMap((row) => row.files);
    const archive = zipParts(practiceArchive(this.#client, { parts: this.#parts, files }), {
      startHash,
      manifest: (written) =>
        utf8(`${JSON.stringify({ v: 1, kind: "practice", parts: written }, null, 1)}\n`),
    });
    const rest: FolderFile[] = [];
    for (const [file, plain] of [
      [ARCHIVE, archive],
      [INDEX, once(utf8(`${JSON.stringify(rows, null, 1)}\n`))],
    ] as const) {
      const { bytes, sha256: hash } = await folder.write(file, async (write) => {
        for await (const sealed of sealStream(makeEncrypter(to), plain)) await write(sealed);
      });
      rest.push({ file, bytes, sha256: hash });
    }
    const finished = authorTime(this.#client.context);
    this.#manifest = { ...this.#manifest, rest, finished };
    await writeFolderManifest(folder, this.#manifest);
    const { device } = this.#client.context;
    await device.write(patients.map((patient) => ({ name: `${ROW}${patient}`, value: null })));
  }

  report(total: number, waitsFor: string | null): PracticeReport {
    return reportOf(this.#manifest, total, waitsFor);
  }

  /** Puts down at once what became of a package: whole, in part, or not there. */
  async #note(
    file: string,
    {
      made,
      gaps,
    }: {
      made: FolderFile | null;
      gaps: readonly { readonly compartment: string; readonly outcome: string }[];
    },
  ): Promise<void> {
    const { packages, gaps: older } = this.#manifest;
    const others = packages.filter((each) => each.file !== file);
    this.#manifest = {
      ...this.#manifest,
      packages: made === null ? others : [...others, made],
      gaps: [
        ...older.filter((gap) => gap.package !== file),
        ...gaps.map(({ compartment, outcome }) => ({ package: file, compartment, outcome })),
      ],
    };
    await writeFolderManifest(this.#wish.folder, this.#manifest);
  }

  async #keepRow(
    patient: FileId,
    { name, entries, documents, files }: ExportReport,
  ): Promise<void> {
    const { device } = this.#client.context;
    const row: IndexRow = { patient, name, file: packageName(patient), files, entries, documents };
    await device.write([device.seal(`${ROW}${patient}`, utf8(JSON.stringify(row)))]);
  }

  async #row(patient: FileId): Promise<IndexRow | null> {
    const cell = await this.#client.context.device.read(`${ROW}${patient}`);
    return cell === null ? null : (JSON.parse(new TextDecoder().decode(cell)) as IndexRow);
  }
}

/** The gate's word on a file that did not open; null: the error is another one. */
function refusedOutcome(error: unknown): string | null {
  if (!(error instanceof ClientError)) return null;
  if (error.code === "unknown-record") return "unknown-file";
  const [, outcome] = /^gate: ([a-z-]+)$/.exec(error.detail ?? "") ?? [];
  return error.code === "refused" ? (outcome ?? null) : null;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
  await Promise.resolve();
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
