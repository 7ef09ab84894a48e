import {
  addToTeam,
  admitMember,
  listPending,
  openDirectory,
  openTeam,
  sites,
  type Client,
  type Given,
} from "@sinetti/client";
import { rolesAt, sitsInTeam, type MemberId, type SiteId, type TeamId } from "@sinetti/core";

import type { Output } from "../output.ts";
import { keepAdmission, listAdmissions, strikeAdmission, type Admission } from "./admission.ts";

/** Takes up the admissions of this administrator: a second person may have approved since, or a command may have been cut short. */
export async function finishAdmissions(client: Client, output: Output): Promise<void> {
  for (const admission of await listAdmissions(client)) {
    const isDone = await finishAdmission(client, admission);
    if (isDone) output.log(`Member ${admission.member} is admitted now.`);
  }
}

/** Names the member in the directory, lets them read it, and gives office staff their seat. False: it waits for somebody else. */
export async function finishAdmission(client: Client, admission: Admission): Promise<boolean> {
  const { context, practice } = client;
  const { member, name, roles } = admission;
  if ((practice.members[member]?.endedSeq ?? null) !== null) {
    await strikeAdmission(client, member);
    return false;
  }
  if (rolesAt(practice, member).length === 0) return false;
  await admitMember(context, {
    member: { id: member, name, roles: [...roles] },
    isAdmin: roles.includes("admin"),
  });
  if (roles.includes("office") && !(await isSeatGiven(client, admission))) return false;
  await strikeAdmission(client, member);
  return true;
}

async function isSeatGiven(client: Client, admission: Admission): Promise<boolean> {
  const { member, seat } = admission;
  if (officesOf(client, member).length > 0) return true;
  if (seat !== null && (await listPending(client.context)).some(({ order }) => order === seat))
    return false;
  const given = await giveSeat(client, member);
  if (given === null) return false;
  if (given.state === "done") return true;
  await keepAdmission(client, { ...admission, seat: given.order });
  return false;
}

/**
 * The seed of a team is with those who sit in it: an administrator among them seats the new one, any other opens the office's
 * team if nobody sits in one. Null: the next session of a seated colleague gives the seat.
 */
async function giveSeat(client: Client, member: MemberId): Promise<Given | null> {
  const { context, practice } = client;
  const [own] = officesOf(client, client.member);
  if (own !== undefined) return addToTeam(context, own, member);
  const members = Object.keys(practice.members) as MemberId[];
  if (members.some((each) => officesOf(client, each).length > 0)) return null;
  const [site] = sites(await openDirectory(context));
  if (site === undefined) throw new TypeError("a practice has a site from its founding on");
  const team = { kind: "office" as const, site: site.id as SiteId, members: [member] };
  return (await openTeam(context, team)).given;
}

function officesOf({ practice }: Client, member: MemberId): TeamId[] {
  return (Object.keys(practice.teams) as TeamId[]).filter(
    (team) => practice.teams[team]?.kind === "office" && sitsInTeam(practice, { team, member }),
  );
}
