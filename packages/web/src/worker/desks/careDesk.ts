import {
  discharge,
  leasedDirectory,
  logGivenOut,
  mayWrite,
  memberName,
  readCareState,
  takeBack,
  writeCare,
  type CareWish,
} from "@sinetti/client";
import { parseId, type EntryId, type MemberId } from "@sinetti/core";
import type { Discharge, Version, Versioned } from "@sinetti/practice";

import { recordsOf } from "../openRecords.ts";
import { careToWrite, isClinician, writeOrWait, type Written } from "../record/writing.ts";
import type { Session } from "../session.ts";

/** What the rooms of the care file change by new versions. */
const KINDS = ["plan", "diagnosis", "riskPlan", "careRelationship", "discharge"] as const;
/** One of them. */
export type CareKind = (typeof KINDS)[number];

/** One version, without the original that an import kept with it. */
export interface CareVersion<K extends CareKind> {
  readonly entry: string;
  readonly by: string | null;
  readonly at: string;
  readonly body: Omit<Version<K>["body"], "source">;
  /** Whom a care relationship names; null: nobody, or somebody of no name here. */
  readonly therapist: string | null;
}

/** Something that changes, as it stands, with all that it was before, newest first. */
export interface CareLine<K extends CareKind> {
  readonly current: CareVersion<K>;
  readonly earlier: readonly CareVersion<K>[];
  /** Why it was taken back; null: it holds. */
  readonly takenBack: string | null;
}

/** Plans, diagnoses, risk, care and its end, each newest first. */
export type CareRoom = { readonly [K in CareKind]: readonly CareLine<K>[] } & {
  readonly canWrite: boolean;
};

/** Something to be written: its words, without what the client adds. */
export type CareEntryWish = Extract<CareWish, { type: CareKind }>;

/** The parts of a care file that change by new versions. */
export const makeCareDesk = (session: Session) => ({
  read: async (patient: string): Promise<CareRoom> => {
    const { client } = session;
    const { files } = await recordsOf(session).open(patient);
    const { care } = files;
    if (care === undefined)
      return {
        canWrite: false,
        plan: [],
        diagnosis: [],
        riskPlan: [],
        careRelationship: [],
        discharge: [],
      };
    const directory = await leasedDirectory(client);
    const state = readCareState(client, care);
    const linesOf = <K extends CareKind>(kind: K): CareLine<K>[] =>
      (state[kind] as readonly Versioned<K>[])
        .map((line) => lineOf(line, (member) => memberName(directory, member as MemberId)))
        .reverse();
    return {
      canWrite: mayWrite(client, care) && isClinician(client),
      plan: linesOf("plan"),
      diagnosis: linesOf("diagnosis"),
      riskPlan: linesOf("riskPlan"),
      careRelationship: linesOf("careRelationship"),
      discharge: linesOf("discharge"),
    };
  },

  /** Adds something, or a new version of what the wish names; its entry takes the id of the draft that it was. */
  write: async (patient: string, wish: CareEntryWish, draft: string): Promise<Written> => {
    const records = recordsOf(session);
    const care = await careToWrite(records, patient);
    const entry = parseId<EntryId>(draft);
    return writeOrWait(records, () => writeCare(session.client, care, wish, { entry }));
  },

  /** Takes something back, with a reason; it stays readable. */
  takeBack: async (patient: string, wish: { entry: string; reason: string }): Promise<Written> => {
    const records = recordsOf(session);
    const care = await careToWrite(records, patient);
    return writeOrWait(records, () => takeBack(session.client, care, wish));
  },

  /** Ends the treatment: the summary, and every care relationship that runs. */
  discharge: async (
    patient: string,
    wish: Omit<Discharge, "v" | "at" | "type">,
    draft: string,
  ): Promise<Written> => {
    const records = recordsOf(session);
    const care = await careToWrite(records, patient);
    const body = { type: "discharge" as const, ...wish };
    const entry = parseId<EntryId>(draft);
    return writeOrWait(records, () => discharge(session.client, care, body, { entry }));
  },

  /** Writes down that the safety plan goes out on paper, to the patient. */
  printPlan: async (patient: string): Promise<Written> => {
    const { client } = session;
    const records = recordsOf(session);
    const care = await careToWrite(records, patient);
    const { name } = await records.held(patient);
    const to = name === "" ? patient : name;
    const wish = { to, reason: "printing", part: "riskPlan" } as const;
    return writeOrWait(records, () => logGivenOut(client, care, wish));
  },

  /** Takes up a treatment: this member is responsible from a day on. */
  beginCare: async (patient: string, from: string): Promise<Written> => {
    const { client } = session;
    const records = recordsOf(session);
    const care = await careToWrite(records, patient);
    const wish: CareEntryWish = {
      type: "careRelationship",
      status: "active",
      from,
      therapist: client.member,
      kinds: [],
    };
    return writeOrWait(records, () => writeCare(client, care, wish));
  },
});

function lineOf<K extends CareKind>(
  { current, earlier, takenBack }: Versioned<K>,
  nameOf: (member: string) => string | null,
): CareLine<K> {
  const versionOf = ({ entry, member, body }: Version<K>): CareVersion<K> => {
    const { source: _original, ...own } = body as {
      at: string;
      source?: unknown;
      therapist?: string;
    };
    return {
      entry,
      by: nameOf(member),
      at: own.at,
      body: own as unknown as CareVersion<K>["body"],
      therapist: own.therapist === undefined ? null : nameOf(own.therapist),
    };
  };
  return {
    current: versionOf(current),
    earlier: earlier.map(versionOf).reverse(),
    takenBack: takenBack?.reason ?? null,
  };
}
