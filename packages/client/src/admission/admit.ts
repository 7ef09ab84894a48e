import { rolesAt } from "@sinetti/core";
import type { Client } from "../client.ts";
import { admitMembers } from "../records/directory.ts";
import { strikeAdmissions, type Admission } from "./admission.ts";
import { giveSeats } from "./giveSeats.ts";

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
