import { sitsInTeam, type MemberId, type SiteId, type TeamId } from "@sinetti/core";
import type { Client } from "../client.ts";
import type { Given } from "../giveOrder.ts";
import { listPending } from "../pending.ts";
import { openDirectory, sites } from "../records/directory.ts";
import { addToTeam, openTeam } from "../teams.ts";
import { keepAdmissions, type Admission } from "./admission.ts";

/** Gives office staff their seats, site by site; gives who has none yet, because it waits for somebody else. */
export async function giveSeats(
  client: Client,
  admissions: readonly Admission[],
): Promise<Set<MemberId>> {
  const waiting = new Set<MemberId>();
  const missing = admissions.filter(({ member }) => officesOf(client, member, null).length === 0);
  if (missing.length === 0) return waiting;
  const lying = new Set((await listPending(client.context)).map(({ order }) => order));
  for (const { member, seat } of missing) if (seat !== null && lying.has(seat)) waiting.add(member);
  const bySite = Map.groupBy(
    missing.filter(({ member }) => !waiting.has(member)),
    ({ site }) => site,
  );
  for (const [site, group] of bySite) {
    const given = await seatAt(client, site, group);
    const pending = group.flatMap((admission, index) => {
      const become = given[index];
      if (become?.state === "done") return [];
      waiting.add(admission.member);
      return become === undefined ? [] : [{ ...admission, seat: become.order }];
    });
    await keepAdmissions(client, pending);
  }
  return waiting;
}

/**
 * The seed of a team is with those who sit in it: an administrator among them seats the new ones, any other opens the office's
 * team if nobody sits in one. Nothing is given where the next session of a seated colleague gives the seats.
 */
async function seatAt(
  client: Client,
  site: SiteId | null,
  group: readonly Admission[],
): Promise<readonly Given[]> {
  const { context, practice } = client;
  const members = group.map(({ member }) => member);
  const [own] = officesOf(client, client.member, site);
  if (own !== undefined) return addToTeam(context, own, members);
  const everybody = Object.keys(practice.members) as MemberId[];
  if (everybody.some((each) => officesOf(client, each, site).length > 0)) return [];
  const { given } = await openTeam(context, {
    kind: "office",
    site: site ?? (await firstSite(client)),
    members,
  });
  return members.map(() => given);
}

async function firstSite({ context }: Client): Promise<SiteId> {
  const [site] = sites(await openDirectory(context));
  if (site === undefined) throw new TypeError("a practice has a site from its founding on");
  return site.id as SiteId;
}

/** The office teams that a member sits in, of one site or of any. */
function officesOf({ practice }: Client, member: MemberId, site: SiteId | null): TeamId[] {
  return (Object.keys(practice.teams) as TeamId[]).filter((team) => {
    const found = practice.teams[team];
    const isThere = found?.kind === "office" && (site === null || found.site === site);
    return isThere && sitsInTeam(practice, { team, member });
  });
}
