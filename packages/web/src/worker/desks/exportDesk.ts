import { sha256 } from "@noble/hashes/sha2.js";
import {
  addExportRequest,
  exportPatient,
  listExportRequests,
  type ExportReport,
  type Recipients,
  type RequestRow,
} from "@sinetti/client";
import type { Exported, PrintLanguage, WithholdWish } from "@sinetti/practice";

import { ZONE } from "../../zone.ts";
import type { Session } from "../session.ts";
import type { Progress } from "./importDesk.ts";

/** A copy that is to be given out. */
export interface CopyWish {
  readonly patient: string;
  readonly to: Recipients;
  readonly forWhom: string;
  readonly reason: Exported["reason"];
  readonly withhold: readonly WithholdWish[];
  /** Null: the patient's. */
  readonly language: PrintLanguage | null;
  /** Empty: nobody asked on a day that is known. */
  readonly requestedOn: string;
  /** Only for whoever wrote them, and only if they want it. */
  readonly withProcessNotes: boolean;
}

/** A copy that was made: one sealed file, and what went into it. */
export interface MadeCopy {
  readonly file: Blob;
  readonly report: ExportReport;
}

/** Sealed bytes that are held before they become a part of the file, which the browser may keep on disk. */
const PART_BYTES = 4 * 1024 * 1024;

/** Sealed bytes as they come, one file at the end. */
class SealedFile {
  #parts: Blob[] = [];
  #held: Uint8Array<ArrayBuffer>[] = [];
  #heldBytes = 0;

  write(bytes: Uint8Array): void {
    this.#held.push(Uint8Array.from(bytes));
    this.#heldBytes += bytes.length;
    if (this.#heldBytes >= PART_BYTES) this.#take();
  }

  end(): Blob {
    this.#take();
    return new Blob(this.#parts, { type: "application/octet-stream" });
  }

  #take(): void {
    this.#parts.push(new Blob(this.#held));
    [this.#held, this.#heldBytes] = [[], 0];
  }
}

/** Giving a patient's record out, and who asked for it. */
export const makeExportDesk = (session: Session) => {
  let isAsked = false;
  return {
    /** Requests for copies, the soonest due first. */
    requests: (patient: string): Promise<RequestRow[]> =>
      listExportRequests(session.client, patient),
    addRequest: (
      patient: string,
      request: { requestedOn: string; by: string },
    ): Promise<RequestRow> => addExportRequest(session.client, patient, request),
    stop: (): void => {
      isAsked = true;
    },
    /** Makes one sealed file of a record; written down in the record and at the gate before its first byte. */
    make: async (wish: CopyWish, onProgress: Progress): Promise<MadeCopy> => {
      isAsked = false;
      const { patient, language, requestedOn, ...rest } = wish;
      const sealed = new SealedFile();
      const { renderPdf } = await import("@sinetti/paper/pdf");
      const report = await exportPatient(session.client, patient, {
        wish: {
          ...rest,
          ...(language !== null && { language }),
          ...(requestedOn !== "" && { requestedOn }),
        },
        tools: {
          renderPdf,
          startHash: () => sha256.create(),
          zone: ZONE,
          write: async (bytes) => sealed.write(bytes),
          onProgress: (done, total) => void onProgress(done, total),
          isStopped: () => isAsked,
        },
      });
      return { file: sealed.end(), report };
    },
  };
};
