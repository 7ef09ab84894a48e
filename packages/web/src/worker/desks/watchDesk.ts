import { approveOpenings, readPracticeLog, type PracticeLog } from "@sinetti/client";
import type { FileId, MemberId } from "@sinetti/core";

import type { Session } from "../session.ts";

const HOUR_SECONDS = 3600;

/** Why somebody may open more than their budget. */
export type ConsentReason = Parameters<typeof approveOpenings>[1]["reason"];

/** What a colleague may open beyond their budget. */
export interface ConsentWish {
  readonly member: string;
  readonly count: number;
  readonly hours: number;
  /** One file, as after a canary; null: any of the member's own grants. */
  readonly file: string | null;
  readonly reason: ConsentReason;
}

/** What a privacy officer watches, and what one of the staff may consent to for another. */
export const makeWatchDesk = (session: Session) => ({
  log: (): Promise<PracticeLog> => readPracticeLog(session.client),
  /** Consents to openings of a colleague; it stands in the gate's log. */
  consent: async ({ member, count, hours, file, reason }: ConsentWish): Promise<void> => {
    const { context } = session.client;
    await approveOpenings(context, {
      subject: member as MemberId,
      scope: file === null ? "all" : "files",
      files: file === null ? [] : [file as FileId],
      count,
      until: Math.floor(context.world.clock.now()) + hours * HOUR_SECONDS,
      reason,
    });
  },
});
