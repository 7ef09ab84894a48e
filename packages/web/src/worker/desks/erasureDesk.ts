import {
  approveErasure,
  cancelErasure,
  certificatePaper,
  certifyErasure,
  clearErasedLines,
  findEveryFile,
  finishErasures,
  holdsOn,
  keptErasures,
  leasedDirectory,
  listErasures,
  memberName,
  placeHold,
  proposeErasure,
  proposeUnhold,
  type CertificateLanguage,
  type Erasure,
  type Hold,
  type WaitingErasure,
} from "@sinetti/client";
import { endWeekOf, type EraseReason } from "@sinetti/core";

import { DeskError } from "../deskFault.ts";
import {
  countElsewhere,
  ownRow,
  partsOf,
  waitingRows,
  type OwnErasure,
  type WaitingRow,
} from "../erasure/erasureRows.ts";
import { recordsOf } from "../openRecords.ts";
import type { Session } from "../session.ts";
import type { PdfFile } from "./locksDesk.ts";

/** The erasures that this device proposed, and those of others that wait for a second person. */
export interface ErasureView {
  readonly own: readonly OwnErasure[];
  readonly waiting: readonly WaitingRow[];
  /** Records that this member asked to erase on another device. */
  readonly elsewhere: number;
}

/** What became of a proposal. */
export interface ProposalView {
  /** What the second person is told. */
  readonly request: string;
  readonly records: number;
  /** Unix seconds from which it may be finished alone; null: a second person approves. */
  readonly dueAt: number | null;
  /** Records of the patient that only others may have erased. */
  readonly others: number;
}

export interface HoldWish {
  readonly reason: Hold["reason"];
  /** ISO date; null: until it is lifted. */
  readonly until: string | null;
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** Erasing records for good by two people, and the holds that keep them from it. */
export const makeErasureDesk = (session: Session) => {
  const kept = async (request: string): Promise<Erasure> => {
    const found = (await keptErasures(session.client.context)).find(
      (each) => each.request === request,
    );
    if (found === undefined) throw new DeskError({ code: "unknown-record" });
    return found;
  };
  const holdsOf = async (patient: string): Promise<Hold[]> => {
    const { client } = session;
    const { files } = await findEveryFile(client, patient);
    return files.flatMap(({ access }) => holdsOn(client.context, access));
  };
  return {
    view: async (): Promise<ErasureView> => {
      const { client } = session;
      await clearErasedLines(client);
      const waiting: readonly WaitingErasure[] = await listErasures(client);
      const directory = await leasedDirectory(client);
      const own = await keptErasures(client.context);
      return {
        own: own.map((each) => ownRow(each, waiting, nowSeconds())),
        waiting: waitingRows(waiting, client.member, (member) => memberName(directory, member)),
        elsewhere: countElsewhere(waiting, client.member, own),
      };
    },
    /** Lays the orders down; nothing is erased yet. Error: `refused` with `on-hold`. */
    propose: async (patient: string, reason: EraseReason): Promise<ProposalView> => {
      const { erasure, dueAt, others } = await proposeErasure(session.client, patient, reason);
      const { request, files } = erasure;
      return { request, records: files.length, dueAt, others: others.length };
    },
    /** Approves as a second person what a colleague has named, and erases it; gives how many records. */
    approve: async (request: string): Promise<number> => {
      const erased = await approveErasure(session.client, partsOf(request).join("-"));
      for (const file of erased) recordsOf(session).forget(file);
      return erased.length;
    },
    cancel: async (request: string): Promise<void> => {
      await cancelErasure(session.client, request);
    },
    /** Erases what may be erased now and clears up behind it; gives how many records still wait. */
    finish: async (request: string): Promise<number> => {
      const { patient } = await kept(request);
      const [finished] = await finishErasures(session.client, request);
      if (patient !== null && finished?.waiting.length === 0)
        recordsOf(session).forget(patient.identity);
      return finished?.waiting.length ?? 0;
    },
    certificate: async (request: string, language: CertificateLanguage): Promise<PdfFile> => {
      const certificate = await certifyErasure(session.client, await kept(request));
      const paper = certificatePaper(certificate, { language });
      const { renderPdf } = await import("@sinetti/paper/pdf");
      return { name: `sinetti-erasure-${request}.pdf`, bytes: await renderPdf(paper) };
    },
    holds: holdsOf,
    /** Holds every record of a patient: nobody erases it while the hold stands. */
    hold: async (patient: string, { reason, until }: HoldWish): Promise<void> => {
      const { context } = session.client;
      const { files } = await findEveryFile(session.client, patient);
      const week = until === null ? null : endWeekOf(Date.parse(`${until}T00:00:00Z`) / 1000);
      for (const { file } of files) await placeHold(context, file, { reason, until: week });
    },
    /** Asks to lift every hold of a patient; a second person approves each under People. */
    lift: async (patient: string): Promise<number> => {
      const holds = await holdsOf(patient);
      for (const { file, hold } of holds) await proposeUnhold(session.client.context, file, hold);
      return holds.length;
    },
  };
};
