import {
  bytesToId,
  isTeamRekeyDue,
  liveFreezes,
  randomBytes,
  sitsInTeam,
  type KemPublicKey,
  type MemberId,
  type SiteId,
  type TeamId,
  type TeamKind,
} from "@sinetti/core";
import { generateSeed, kemKeyFromSeed, sealPriorSeed, sealTeamSeed } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError, isRefused, mustWait } from "./errors.ts";
import { giveOrder, giveOrders, type Given } from "./giveOrder.ts";
import { recipientOf } from "./keyring.ts";

function publicKeyOf(seed: Uint8Array): KemPublicKey {
  return kemKeyFromSeed(Uint8Array.from(seed)).publicKey;
}

function sealTo(
  context: Context,
  { team, version, member }: { team: TeamId; version: number; member: MemberId },
  seed: Uint8Array,
): { member: MemberId; keyVersion: number; sealed: Uint8Array } {
  const practice = context.practice.state;
  const { key, keyVersion } = recipientOf(practice, { type: "member", id: member });
  return {
    member,
    keyVersion,
    sealed: sealTeamSeed(seed, key, { practice: practice.practice, team, version, member }),
  };
}

/** Opens a team for these members. */
export async function openTeam(
  context: Context,
  { kind, site, members }: { kind: TeamKind; site: SiteId | null; members: readonly MemberId[] },
): Promise<{ team: TeamId; given: Given }> {
  const team = bytesToId<TeamId>(randomBytes(16));
  const seed = generateSeed();
  const seals = members.map((member) => sealTo(context, { team, version: 1, member }, seed));
  const given = await giveOrder(context, "team.open", {
    team,
    kind,
    site,
    key: publicKeyOf(seed),
    seals,
  });
  return { team, given };
}

/** Gives members seats; only somebody who sits in the team holds the seed that is sealed to them. */
export async function addToTeam(
  context: Context,
  team: TeamId,
  members: readonly MemberId[],
): Promise<Given[]> {
  const version = context.practice.state.teams[team]?.keys.at(-1)?.version;
  if (version === undefined) throw new ClientError("refused", { detail: "no such team" });
  const seed = context.keyring.teamSeed(team, version);
  const bodies = members.map((member) => ({
    team,
    version,
    seal: sealTo(context, { team, version, member }, seed),
  }));
  return giveOrders(context, "team.add", bodies);
}

/** Takes a member's seat; the gate and the vaults act on it at once. */
export async function removeFromTeam(
  context: Context,
  team: TeamId,
  member: MemberId,
): Promise<Given> {
  return giveOrder(context, "team.remove", { team, member });
}

/** Gives a team a new key, sealed to those who sit in it now; the old seed is sealed under the new. */
export async function rekeyTeam(context: Context, team: TeamId): Promise<Given> {
  const practice = context.practice.state;
  const newest = practice.teams[team]?.keys.at(-1);
  if (newest === undefined) throw new ClientError("refused", { detail: "no such team" });
  const version = newest.version + 1;
  const next = generateSeed();
  const prior = sealPriorSeed(
    "team",
    { next, prior: context.keyring.teamSeed(team, newest.version) },
    { practice: practice.practice, owner: team, version },
  );
  const members = (Object.keys(practice.teams[team]?.seats ?? {}) as MemberId[]).filter((member) =>
    sitsInTeam(practice, { team, member }),
  );
  const seals = members.map((member) => sealTo(context, { team, version, member }, next));
  return giveOrder(context, "team.rekey", { team, version, key: publicKeyOf(next), seals, prior });
}

/**
 * Gives the teams in which this member sits a new key where somebody has left since the last. What is refused or left waiting is for
 * the next session: a colleague was faster, or a service is down.
 */
export async function rekeyOwnTeams(context: Context): Promise<void> {
  const practice = context.practice.state;
  const { member } = context.device.owner;
  if (liveFreezes(practice, member).length > 0) return;
  for (const team of Object.keys(practice.teams) as TeamId[]) {
    if (!isTeamRekeyDue(practice, team) || !sitsInTeam(practice, { team, member })) continue;
    try {
      await rekeyTeam(context, team);
    } catch (error) {
      if (!isRefused(error) && !mustWait(error)) throw error;
    }
  }
}
