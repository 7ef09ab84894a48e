import { ClientError, confirmInvitations, listInvitations, type Client } from "@sinetti/client";
import type { DeviceId, Hash, MemberId } from "@sinetti/core";

import { keepAdmissions, strikeAdmissions, type Admission } from "./admission.ts";
import { admit } from "./finishAdmissions.ts";

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

/** What is refused before it is given leaves no admission behind. */
async function confirmOrStrike(client: Client, members: readonly MemberId[]) {
  try {
    return await confirmInvitations(client.context, members);
  } catch (error) {
    const isRefused = error instanceof ClientError && error.code === "refused";
    if (isRefused)
      await strikeAdmissions(
        client,
        members.filter((member) => client.practice.members[member] === undefined),
      );
    throw error;
  }
}
