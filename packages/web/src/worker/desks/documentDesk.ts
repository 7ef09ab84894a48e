import {
  DOCUMENT_MAX_BYTES,
  leasedDirectory,
  listDocuments,
  logGivenOut,
  mayWrite,
  memberName,
  mustWait,
  putDocument,
  readDocument,
  takeBack,
  type ReadDocument,
} from "@sinetti/client";
import type { MemberId } from "@sinetti/core";
import { transfer } from "comlink";

import { DeskError } from "../deskFault.ts";
import { recordsOf } from "../openRecords.ts";
import {
  beforeWriting,
  careToWrite,
  isClinician,
  writeOrWait,
  type Written,
} from "../record/writing.ts";
import type { Session } from "../session.ts";

/** A document of a list; its key stays in the worker. */
export interface DocumentLine {
  readonly entry: string;
  readonly title: string;
  readonly mediaType: string | null;
  /** Null: its words stand in the entry itself. */
  readonly sizeBytes: number | null;
  readonly on: string;
  readonly by: string | null;
}

/** The documents of a record, newest first. */
export interface DocumentRoom {
  readonly canWrite: boolean;
  readonly maxBytes: number;
  readonly documents: readonly DocumentLine[];
}

/** Told of the bytes that went over. */
export type OnBytes = (bytes: number) => void;

/** Putting documents into a record, and reading them. */
export const makeDocumentDesk = (session: Session) => {
  const jobs = new Map<string, AbortController>();
  const inJob = async <T>(job: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const controller = new AbortController();
    jobs.set(job, controller);
    try {
      return await run(controller.signal);
    } catch (error) {
      if (controller.signal.aborted) throw new DeskError({ code: "stopped" });
      throw error;
    } finally {
      jobs.delete(job);
    }
  };
  return {
    read: async (patient: string): Promise<DocumentRoom> => {
      const { client } = session;
      const { files } = await recordsOf(session).open(patient);
      const { care } = files;
      const base = { maxBytes: DOCUMENT_MAX_BYTES, canWrite: false };
      if (care === undefined) return { ...base, documents: [] };
      const directory = await leasedDirectory(client);
      return {
        ...base,
        canWrite: mayWrite(client, care) && isClinician(client),
        documents: listDocuments(client, care)
          .map(({ entry, title, mediaType, sizeBytes, on, line }) => ({
            entry,
            title,
            mediaType,
            sizeBytes,
            on,
            by: memberName(directory, line.current.member as MemberId),
          }))
          .reverse(),
      };
    },

    /** Seals a file and puts it in; errors `stopped`, `not-saved`. */
    put: (
      patient: string,
      { file, title, job }: { file: Blob; title: string; job: string },
      onBytes: OnBytes,
    ): Promise<Written> =>
      inJob(job, async (signal) => {
        const { client } = session;
        const records = recordsOf(session);
        const care = await careToWrite(records, patient);
        const bytes = new Uint8Array(await file.arrayBuffer());
        let sent = 0;
        const onProgress = (done: number): void => {
          sent = done;
          onBytes(done);
        };
        const wish = { bytes, title, ...(file.type === "" ? {} : { mediaType: file.type }) };
        try {
          await putDocument(client, care, wish, { signal, onProgress });
          return "written";
        } catch (error) {
          // Chunks are not kept on this device; the entry that names them is.
          if (!mustWait(error)) throw error;
          if (sent < bytes.length) throw new DeskError({ code: "not-saved" });
          records.wait("written");
          return "waiting";
        }
      }),

    /** Opens a document for a look. */
    show: (
      patient: string,
      { entry, job }: { entry: string; job: string },
      onBytes: OnBytes,
    ): Promise<ReadDocument> =>
      inJob(job, async (signal) => {
        const care = await recordsOf(session).care(patient);
        const read = await readDocument(session.client, care, entry, {
          signal,
          onProgress: onBytes,
        });
        return transfer(read, [read.bytes.buffer]);
      }),

    /** Opens a document to be kept outside: that it was given out stands in the record before. */
    giveOut: (
      patient: string,
      { entry, job }: { entry: string; job: string },
      onBytes: OnBytes,
    ): Promise<ReadDocument> =>
      inJob(job, async (signal) => {
        const { client } = session;
        const care = await careToWrite(recordsOf(session), patient);
        const read = await readDocument(client, care, entry, { signal, onProgress: onBytes });
        const to = memberName(await leasedDirectory(client), client.member) ?? client.member;
        if (mayWrite(client, care))
          await beforeWriting(() =>
            logGivenOut(client, care, { to, reason: "other", part: "document" }),
          );
        return transfer(read, [read.bytes.buffer]);
      }),

    /** Ends what goes over; what was sent stays sealed at the vault, and nothing names it. */
    stop: async (job: string): Promise<void> => {
      jobs.get(job)?.abort();
    },

    takeBack: async (
      patient: string,
      wish: { entry: string; reason: string },
    ): Promise<Written> => {
      const records = recordsOf(session);
      const care = await careToWrite(records, patient);
      return writeOrWait(records, () => takeBack(session.client, care, wish));
    },
  };
};
