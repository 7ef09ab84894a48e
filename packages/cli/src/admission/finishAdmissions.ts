import { admitMembers, type Client } from "@sinetti/client";
import { rolesAt } from "@sinetti/core";

import type { Output } from "../output.ts";
import { listAdmissions, strikeAdmissions, type Admission } from "./admission.ts";
import { giveSeats } from "./giveSeats.ts";

/** Takes up the admissions of this administrator: a second person may have approved since, or a command may have been cut short. */
export async function finishAdmissions(client: Client, output: Output): Promise<void> {
  for (const { member } of await admit(client, await listAdmissions(client)))
    output.log(`Member ${member} is admitted now.`);
}

/**
 * Names in the directory those whom the chain knows, in one append, lets them read it, and gives office staff their seats.
 * Gives whose admission is done; the others wait for somebody else.
 */
export async function admit(
  client: Client,
  admissions: readonly Admission[],
): Promise<readonly Admission[]> {
  const { context, practice } = client;
  const ended = admissions.filter(
    ({ member }) => (practice.members[member]?.endedSeq ?? null) !== null,
  );
  await strikeAdmissions(
    client,
    ended.map(({ member }) => member),
  );
  const joined = admissions.filter(({ member }) => rolesAt(practice, member).length > 0);
  if (joined.length === 0) return [];
  await admitMembers(
    context,
    joined.map(({ member, name, roles }) => ({ id: member, name, roles: [...roles] })),
  );
  const seatless = await giveSeats(
    client,
    joined.filter(({ roles }) => roles.includes("office")),
  );
  const done = joined.filter(({ member }) => !seatless.has(member));
  await strikeAdmissions(
    client,
    done.map(({ member }) => member),
  );
  return done;
}
