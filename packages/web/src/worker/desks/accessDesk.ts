import {
  grantPatient,
  listAccess,
  practicePeople,
  readAccessLog,
  revokePatient,
  thiefView,
  type AccessLogRow,
  type AccessRow,
  type ThiefView,
} from "@sinetti/client";
import {
  RIGHTS,
  endWeekOf,
  policyAt,
  weekStart,
  type MemberId,
  type Outcome,
  type Purpose,
} from "@sinetti/core";

import { recordsOf } from "../openRecords.ts";
import { recordCode } from "../record/recordCode.ts";
import { rowContext } from "../record/rowContext.ts";
import { firstLine, rowOf } from "../record/timelineRow.ts";
import type { Session } from "../session.ts";

/** One part of a record, as somebody holds it. */
export interface HeldPart {
  readonly compartment: string;
  readonly canWrite: boolean;
  /** The Monday on which it ends; null: never. */
  readonly until: string | null;
  readonly reason: string;
}

/** Somebody who can open parts of this record. */
export interface HolderRow {
  readonly kind: "member" | "team" | "patient" | "recovery";
  readonly id: string;
  readonly name: string | null;
  readonly isMe: boolean;
  /** Holds the care record and not the name: it is called by its code to them. */
  readonly readsNoName: boolean;
  readonly parts: readonly HeldPart[];
}

/** A colleague to whom a record can be granted. */
export interface Colleague {
  readonly member: string;
  readonly name: string;
  /** A supervisor alone: reads, and never writes. */
  readonly readsOnly: boolean;
}

/** Who can open a record, and to whom this member may give it. */
export interface AccessRoom {
  readonly holders: readonly HolderRow[];
  /** What the record is called to whoever reads no name; null: it has no care file that is known here. */
  readonly code: string | null;
  readonly canGrant: boolean;
  readonly colleagues: readonly Colleague[];
  /** The last Monday on which a grant that is given now can end. */
  readonly longest: string;
}

/** A grant that somebody asks for. */
export interface GrantWish {
  readonly member: string;
  readonly canWrite: boolean;
  /** `YYYY-MM-DD`; rounded up to a Monday. */
  readonly until: string;
  readonly reason: "care" | "supervision" | "handover";
}

/** One opening or refusal, of all that was asked for in one moment. */
export interface LogRow {
  readonly key: string;
  readonly at: string;
  readonly member: string | null;
  readonly name: string | null;
  readonly isMe: boolean;
  readonly purpose: Purpose | null;
  readonly outcome: Outcome | null;
  readonly compartments: readonly string[];
}

/** What a thief gets, and beside it what the user reads. */
export interface TheftRoom extends ThiefView {
  /** The compartment of each file. */
  readonly compartments: Readonly<Record<string, string>>;
  /** First words of what stands in the record, newest first. */
  readonly seen: readonly { readonly on: string; readonly by: string; readonly text: string }[];
}

const SEEN = 5;

/** Who can open a record, who did, and what it is to whoever cannot. */
export const makeAccessDesk = (session: Session) => ({
  read: async (patient: string): Promise<AccessRoom> => {
    const { client } = session;
    const rows = await listAccess(client, patient);
    const { people } = await practicePeople(client);
    const holders = holdersOf(rows, client.member);
    const held = new Set(holders.map(({ id }) => id));
    const now = client.context.world.clock.now();
    const longest = endWeekOf(now) + policyAt(client.practice).grantWeeks;
    const care = rows.find(({ compartment }) => compartment === "care");
    return {
      holders,
      code: care === undefined ? null : recordCode(care.file),
      canGrant: rows.some(
        ({ subject, rights }) => subject === `member:${client.member}` && rights.includes("grant"),
      ),
      colleagues: people
        .filter(({ member, roles, isMe }) => !isMe && !held.has(member) && roles.length > 0)
        .filter(({ roles }) => roles.includes("therapist") || roles.includes("supervisor"))
        .map(({ member, name, roles }) => ({
          member,
          name: name ?? member,
          readsOnly: !roles.includes("therapist"),
        })),
      longest: new Date(weekStart(longest) * 1000).toISOString().slice(0, 10),
    };
  },

  grant: async (patient: string, { member, canWrite, until, reason }: GrantWish): Promise<void> => {
    await grantPatient(session.client, patient, {
      member: member as MemberId,
      rights: canWrite ? RIGHTS.read | RIGHTS.write : RIGHTS.read,
      untilSeconds: Date.parse(`${until}T00:00:00Z`) / 1000,
      reason,
    });
  },

  revoke: async (patient: string, member: string): Promise<void> => {
    await revokePatient(session.client, patient, member as MemberId);
  },

  /** Who opened it, the newest first; refusals too. */
  log: async (patient: string): Promise<readonly LogRow[]> => {
    const { client } = session;
    const { files } = await recordsOf(session).held(patient);
    const compartmentByFile = new Map<string, string>(
      Object.entries(files).map(([compartment, { file }]) => [file, compartment]),
    );
    const rows = await readAccessLog(client, patient);
    return gathered(rows, (file) => compartmentByFile.get(file) ?? "", client.member).reverse();
  },

  /** The rows and bytes behind the open record, as the holders give them out now. */
  theft: async (patient: string): Promise<TheftRoom> => {
    const { client } = session;
    const record = await recordsOf(session).seen(patient);
    const context = await rowContext(session, record);
    const seen = record.timeline.flatMap((item) => {
      if (item.kind === "draft") return [];
      const row = rowOf(item, context);
      const text =
        row.shape === "note"
          ? (row.note.sections.find((each) => each.text.trim() !== "")?.text ?? "")
          : row.line.summary;
      return text === "" ? [] : [{ on: row.on, by: row.by ?? "", text: firstLine(text) }];
    });
    return {
      ...(await thiefView(client, patient)),
      compartments: Object.fromEntries(
        Object.entries(record.files).map(([compartment, { file }]) => [file, compartment]),
      ),
      seen: seen.slice(0, SEEN),
    };
  },
});

/** Grants of one subject together: oneself first, recovery last. */
export function holdersOf(rows: readonly AccessRow[], me: string): HolderRow[] {
  const rank = { member: 1, team: 2, patient: 3, recovery: 4 } as const;
  return [...Map.groupBy(rows, ({ subject }) => subject)]
    .map(([subject, grants]): HolderRow => {
      const [kind = "member", id = ""] = subject.split(":");
      return {
        kind: kind as HolderRow["kind"],
        id,
        name: grants[0]?.name ?? null,
        isMe: id === me,
        readsNoName: kind === "member" && !grants.some((each) => each.compartment === "identity"),
        parts: grants.map(({ compartment, rights, until, reason }) => ({
          compartment,
          canWrite: rights.includes("write"),
          until,
          reason,
        })),
      };
    })
    .sort((a, b) => Number(b.isMe) - Number(a.isMe) || rank[a.kind] - rank[b.kind]);
}

/** One line for the files that somebody asked for in the same second with the same answer. */
export function gathered(
  rows: readonly AccessLogRow[],
  compartmentOf: (file: string) => string,
  me: string,
): LogRow[] {
  const lines = new Map<string, LogRow>();
  for (const { at, member, name, file, purpose, outcome } of rows) {
    const key = [at, member, purpose, outcome].join(" ");
    const before = lines.get(key)?.compartments ?? [];
    const compartments = [...new Set([...before, compartmentOf(file)])];
    lines.set(key, { key, at, member, name, isMe: member === me, purpose, outcome, compartments });
  }
  return [...lines.values()].sort((a, b) => (a.at < b.at ? -1 : 1));
}
