import type { MemberId } from "@sinetti/core";
import type { Paper } from "@sinetti/paper";
import type { Client } from "./client.ts";
import { inviteMembers, keptInvitations, type Invitation, type Invitee } from "./invitations.ts";
import { openDirectory, type Directory } from "./records/directory.ts";
import { slipsPaper, type SlipPlace } from "./slipsPaper.ts";

const DAY_SECONDS = 86_400;

/** How slips are made. */
export interface InviteWish extends Pick<SlipPlace, "server" | "language"> {
  /** Days for which the slips are good. */
  readonly days: number;
}

/** What stands in an open invitation of the same name that says otherwise. */
export interface OtherInvitation {
  readonly member: MemberId;
  readonly name: string;
  readonly field: "roles" | "site";
}

/** The slips as a paper, and who is a member already; or the open invitations that say otherwise: nothing was made then. */
export type InvitedStaff =
  | {
      readonly ok: true;
      readonly invitations: readonly Invitation[];
      readonly already: readonly string[];
      readonly paper: Paper;
    }
  | { readonly ok: false; readonly others: readonly OtherInvitation[] };

/** Makes a slip for each person who is no member yet. A slip that is open for the same person is given again. */
export async function inviteStaff(
  client: Client,
  invitees: readonly Invitee[],
  { days, ...place }: InviteWish,
): Promise<InvitedStaff> {
  const { context } = client;
  const directory = await openDirectory(context);
  const known = namesOf(directory);
  const fresh = invitees.filter(({ name }) => !known.has(name));
  const others = await otherInvitations(client, fresh);
  if (others.length > 0) return { ok: false, others };
  const now = Math.floor(context.world.clock.now());
  const value = directory.values.get("practice");
  const practiceName = value?.kind === "practice" ? value.name : "";
  const until = now + days * DAY_SECONDS;
  const invitations = await inviteMembers(context, fresh, { practiceName, until });
  const made = new Date(now * 1000).toISOString();
  const { practice } = client.practice;
  return {
    ok: true,
    invitations,
    already: invitees.flatMap(({ name }) => (known.has(name) ? [name] : [])),
    paper: slipsPaper(invitations, { ...place, practice, practiceName, made }),
  };
}

function namesOf(directory: Directory): Set<string> {
  const values = [...directory.values.values()];
  return new Set(values.flatMap((value) => (value.kind === "member" ? [value.name] : [])));
}

/** A person has one open invitation; other roles or another site are a decision to take back first. */
async function otherInvitations(
  { context }: Client,
  invitees: readonly Invitee[],
): Promise<OtherInvitation[]> {
  const now = context.world.clock.now();
  const open = (await keptInvitations(context)).filter(({ until }) => until > now);
  return invitees.flatMap(({ name, roles, site }): OtherInvitation[] => {
    const kept = open.find((each) => each.name === name);
    if (kept === undefined) return [];
    const areSame = kept.roles.toSorted().join() === roles.toSorted().join();
    if (areSame && kept.site === site) return [];
    return [{ member: kept.member, name, field: areSame ? "site" : "roles" }];
  });
}
