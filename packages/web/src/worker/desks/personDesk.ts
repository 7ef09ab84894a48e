import {
  editIdentity,
  holdsOn,
  leasedDirectory,
  mayWrite,
  memberName,
  putContact,
  readPersonHistory,
  readRetentionClass,
  removeContact,
  type IdentityEdit,
  type KnownFile,
} from "@sinetti/client";
import { parseId, type EntryId } from "@sinetti/core";
import {
  isFinnishCode,
  retentionOf,
  type CodeChange,
  type Contact,
  type Person,
  type Retention,
} from "@sinetti/practice";

import { ZONE } from "../../zone.ts";
import { DeskError } from "../deskFault.ts";
import { recordsOf, type OpenRecords } from "../openRecords.ts";
import { beforeWriting, writeOrWait, type Written } from "../record/writing.ts";
import type { Session } from "../session.ts";

/** Who somebody is, without the original that an import kept with it. */
export type PersonFacts = Omit<Person, "v" | "type" | "at" | "source">;

/** One version of it. */
export interface PersonVersionRow {
  readonly entry: string;
  readonly by: string | null;
  readonly at: string;
  readonly person: PersonFacts;
}

/** Somebody near the patient. */
export interface ContactRow {
  readonly entry: string;
  readonly contact: Omit<Contact, "v" | "type" | "at" | "source">;
}

/** Who the patient is, whom to reach, and how long the record is kept. */
export interface PersonRoom {
  readonly canWrite: boolean;
  /** Newest first; empty: nobody is written down yet. */
  readonly versions: readonly PersonVersionRow[];
  readonly codeChanges: readonly Omit<CodeChange, "v" | "type">[];
  readonly contacts: readonly ContactRow[];
  /** Null: the practice has chosen no class, or a date is missing. */
  readonly retention: Retention | null;
  readonly isHeld: boolean;
}

/** Who a patient is. */
export const makePersonDesk = (session: Session) => ({
  /** Null: this member does not hold the identity file. */
  read: async (patient: string): Promise<PersonRoom | null> => {
    const { client } = session;
    const { files, identity, care } = await recordsOf(session).open(patient);
    if (files.identity === undefined || identity === null) return null;
    const directory = await leasedDirectory(client);
    const versions = readPersonHistory(client, files.identity).map(
      ({ entry, member, person }): PersonVersionRow => {
        const { v: _v, type: _type, at, source: _original, ...facts } = person;
        return { entry, by: memberName(directory, member), at, person: facts };
      },
    );
    const held = Object.values(files).flatMap(({ access }) => holdsOn(client.context, access));
    const retentionClass = await readRetentionClass(client);
    const { birthDate, deceased } = identity.person ?? {};
    const [ended] = (care?.state.discharge ?? []).filter(
      ({ takenBack }) => takenBack === undefined,
    );
    const told =
      retentionClass === null
        ? null
        : retentionOf(
            {
              ...(birthDate === undefined ? {} : { born: birthDate }),
              ...(deceased?.on === undefined ? {} : { died: deceased.on }),
              ...(ended === undefined ? {} : { careEnded: ended.current.body.on }),
            },
            {
              retentionClass,
              holds: held,
              today: new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(new Date()),
            },
          );
    return {
      canWrite: mayWrite(client, files.identity),
      versions,
      codeChanges: identity.codeChanges.map(({ v: _v, type: _type, ...change }) => change),
      contacts: identity.contacts.map(({ entry, contact }) => {
        const { v: _v, type: _type, at: _at, source: _original, ...facts } = contact;
        return { entry, contact: facts };
      }),
      retention: told?.ok === true ? told.value : null,
      isHeld: held.length > 0,
    };
  },

  /** Whether an identity code holds; another country's is taken as it is. */
  isCode: async (country: string, value: string): Promise<boolean> =>
    country !== "FI" || isFinnishCode(value),

  /** A new version of who somebody is; false: they are still found by the old terms alone. */
  edit: async (
    patient: string,
    { draft, ...wish }: Omit<IdentityEdit, "entry"> & { draft: string },
  ): Promise<boolean> => {
    const file = await identityOf(recordsOf(session), patient);
    const entry = parseId<EntryId>(draft);
    return (await editIdentity(session.client, file, { ...wish, entry })).isFindable;
  },

  putContact: async (
    patient: string,
    contact: ContactRow["contact"],
    draft: string,
  ): Promise<Written> => {
    const records = recordsOf(session);
    const file = await identityOf(records, patient);
    const entry = parseId<EntryId>(draft);
    return writeOrWait(records, () => putContact(session.client, file, contact, { entry }));
  },

  removeContact: async (
    patient: string,
    wish: { entry: string; reason: string },
  ): Promise<Written> => {
    const records = recordsOf(session);
    const file = await identityOf(records, patient);
    return writeOrWait(records, () => removeContact(session.client, file, wish));
  },
});

function identityOf(records: OpenRecords, patient: string): Promise<KnownFile> {
  return beforeWriting(async () => {
    const { identity } = (await records.held(patient)).files;
    if (identity === undefined) throw new DeskError({ code: "refused", problem: "not-granted" });
    return identity;
  });
}
