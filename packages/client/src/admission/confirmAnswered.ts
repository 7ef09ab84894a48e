import type { DeviceId, Hash, MemberId } from "@sinetti/core";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import {
  confirmInvitations,
  keptInvitations,
  listInvitations,
  type Confirmed,
} from "../invitations.ts";
import { keepAdmissions, strikeAdmissions, type Admission } from "./admission.ts";
import { admit } from "./admit.ts";

/** Somebody whose words were compared; `pending` is the order that waits for a second person. */
export interface ConfirmedPerson {
  readonly member: MemberId;
  readonly name: string;
  readonly device: DeviceId;
  readonly pending: Hash | null;
}

/** Makes members of these, and does of their admission what can be done now. The admissions are kept first, so that the next command goes on. */
export async function confirmAnswered(
  client: Client,
  members: readonly MemberId[],
): Promise<ConfirmedPerson[]> {
  const { context } = client;
  const rows = new Map((await listInvitations(context)).map((row) => [row.member, row]));
  const admissions = members.map((member): Admission => {
    const row = rows.get(member);
    if (row?.state !== "answered")
      throw new ClientError("refused", { detail: "invitation-unanswered" });
    return { member, name: row.name, roles: row.roles, site: row.site, seat: null };
  });
  await keepAdmissions(client, admissions);
  const confirmed = await confirmOrStrike(client, members);
  await admit(client, admissions);
  const nameByMember = new Map(admissions.map(({ member, name }) => [member, name]));
  return confirmed.map(({ member, device, given }) => ({
    member,
    name: nameByMember.get(member) ?? "",
    device,
    pending: given.state === "pending" ? given.order : null,
  }));
}

/** Whose invitation is still here was not given: nothing is left of their admission, and they can be confirmed again. */
async function confirmOrStrike(client: Client, members: readonly MemberId[]): Promise<Confirmed[]> {
  try {
    return await confirmInvitations(client.context, members);
  } catch (error) {
    if (error instanceof ClientError && error.code === "refused") {
      const kept = new Set((await keptInvitations(client.context)).map(({ member }) => member));
      await strikeAdmissions(
        client,
        members.filter((member) => kept.has(member)),
      );
    }
    throw error;
  }
}
