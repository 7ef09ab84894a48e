import {
  cancelInvitations,
  confirmAnswered,
  inviteStaff,
  leasedDirectory,
  listInvitations,
  openDirectory,
  readStaffTable,
  sites,
  type Invitee,
  type InviteWish,
  type StaffTable,
} from "@sinetti/client";
import type { MemberId, Role } from "@sinetti/core";

import type { Session } from "../session.ts";
import type { PdfFile } from "./locksDesk.ts";

/** An invitation of this device, without its slip: that stands on paper alone. */
export interface OpenInvitation {
  readonly member: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Unix seconds until which the slip is good. */
  readonly until: number;
  readonly state: "waiting" | "answered" | "altered" | "gone";
  /** To be compared with the newcomer's; null: nobody has answered. */
  readonly words: string | null;
}

/** A place where office staff sit. */
export interface SiteChoice {
  readonly id: string;
  readonly name: string;
}

/** What became of a wish for slips: a file to print, or the names whose open invitations say otherwise. */
export type MadeSlips =
  | {
      readonly ok: true;
      readonly file: PdfFile | null;
      readonly invited: number;
      /** Who is a member already. */
      readonly already: readonly string[];
    }
  | { readonly ok: false; readonly others: readonly string[] };

/** What became of people whose words were compared. */
export interface Confirmations {
  readonly members: number;
  /** Of them, those who wait for a second person. */
  readonly pending: number;
}

/** Bringing people in by slips of paper. */
export const makeInviteDesk = (session: Session) => ({
  list: async (): Promise<readonly OpenInvitation[]> => {
    const { context } = session.client;
    await context.practice.sync(context.services);
    return (await listInvitations(context)).map((row) => {
      const { member, name, roles, until, state } = row;
      return { member, name, roles, until, state, words: state === "answered" ? row.words : null };
    });
  },
  sites: async (): Promise<readonly SiteChoice[]> =>
    sites(await leasedDirectory(session.client)).map(({ id, name }) => ({ id, name })),
  /** The people in a table of staff, or what is wrong in it, by row and column. */
  readTable: async (bytes: Uint8Array): Promise<StaffTable> =>
    readStaffTable(bytes, sites(await openDirectory(session.client.context))),
  make: async (invitees: readonly Invitee[], wish: InviteWish): Promise<MadeSlips> => {
    const made = await inviteStaff(session.client, invitees, wish);
    if (!made.ok) return { ok: false, others: made.others.map(({ name }) => name) };
    const { invitations, already, paper } = made;
    if (invitations.length === 0) return { ok: true, file: null, invited: 0, already };
    const { renderPdf } = await import("@sinetti/paper/pdf");
    const file = { name: "sinetti-slips.pdf", bytes: await renderPdf(paper) };
    return { ok: true, file, invited: invitations.length, already };
  },
  /** Takes an invitation back: its slip is good for nothing any more. */
  cancel: (member: string): Promise<void> =>
    cancelInvitations(session.client.context, [member as MemberId]),
  /** Makes members of those whose words were compared with them. */
  confirm: async (members: readonly string[]): Promise<Confirmations> => {
    const confirmed = await confirmAnswered(session.client, members as readonly MemberId[]);
    const pending = confirmed.filter((each) => each.pending !== null).length;
    return { members: confirmed.length, pending };
  },
});
