import {
  importCsv,
  importDocuments,
  importFhir,
  practicePeople,
  previewCsv,
  type CsvPreview,
  type CsvReport,
  type DocumentReport,
  type ImportReport,
} from "@sinetti/client";
import { CSV_FIELDS, type CsvKind, type CsvMapping } from "@sinetti/practice";

import { ZONE } from "../../zone.ts";
import {
  byteSource,
  documentSources,
  fhirSources,
  type GivenDocument,
  type GivenFile,
} from "../importing/fileSource.ts";
import type { Session } from "../session.ts";

/** Told after each patient or document. */
export type Progress = (done: number, total: number) => unknown;

/** A CSV file before it is read, with the fields that its columns can be. */
export interface CsvView extends CsvPreview {
  readonly fields: readonly string[];
}

/** What is to be done with what was given. */
export interface ImportWish {
  readonly isDryRun: boolean;
  /** What the caseload calls a patient of whom the source gives no name. */
  readonly nameless: string;
}

/** What of CSV files is to be done. */
export interface CsvWish extends ImportWish {
  readonly files: Readonly<Partial<Record<CsvKind, File>>>;
  readonly mapping: CsvMapping | null;
  /** True: one bad row refuses everything. */
  readonly isStrict: boolean;
}

/** Bringing in what another system has: a dry run first, and a second run adds only what is missing. */
export const makeImportDesk = (session: Session) => {
  let isAsked = false;
  const begin = (isDryRun: boolean, onProgress: Progress) => {
    isAsked = false;
    const isStopped = (): boolean => isAsked;
    const tell = (done: number, total: number): void => void onProgress(done, total);
    return { dryRun: isDryRun, zone: ZONE, onProgress: tell, isStopped };
  };
  return {
    /** Ends what runs after what was begun is whole; a later run goes on from there. */
    stop: (): void => {
      isAsked = true;
    },
    /** What a CSV file seems to list, and how its columns would be read. */
    preview: async (file: File, told: CsvKind | null): Promise<CsvView> => {
      const preview = await previewCsv(byteSource(file), told);
      return { ...preview, fields: CSV_FIELDS[preview.kind].map(({ field }) => field) };
    },
    csv: async (wish: CsvWish, onProgress: Progress): Promise<CsvReport> => {
      const { client } = session;
      const { people } = await practicePeople(client);
      const memberByName = new Map(
        people.map(({ name, member }) => [name?.toLowerCase() ?? "", member]),
      );
      const { files, mapping, isStrict, isDryRun, nameless } = wish;
      const sources = Object.fromEntries(
        Object.entries(files).map(([kind, file]) => [kind, byteSource(file)]),
      );
      return importCsv(client, sources, {
        ...begin(isDryRun, onProgress),
        mapping,
        isStrict,
        nameless,
        therapistOf: (name) => memberByName.get(name.trim().toLowerCase()) ?? null,
      });
    },
    fhir: (
      given: readonly GivenFile[],
      { isDryRun, nameless }: ImportWish,
      onProgress: Progress,
    ): Promise<ImportReport> =>
      importFhir(session.client, fhirSources(given), { ...begin(isDryRun, onProgress), nameless }),
    documents: (
      given: readonly GivenDocument[],
      isDryRun: boolean,
      onProgress: Progress,
    ): Promise<DocumentReport> =>
      importDocuments(session.client, documentSources(given), begin(isDryRun, onProgress)),
  };
};
