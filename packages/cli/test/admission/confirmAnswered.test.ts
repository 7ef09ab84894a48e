import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  Client,
  Device,
  acceptInvitation,
  confirmAnswered,
  createDirectory,
  createPractice,
  inviteMembers,
  listAdmissions,
  listInvitations,
  memberName,
  openDirectory,
  type World,
} from "@sinetti/client";
import {
  bytesToId,
  grantsAt,
  randomBytes,
  rolesAt,
  sitsInTeam,
  type MemberId,
  type Role,
  type SiteId,
  type TeamId,
} from "@sinetti/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { finishAdmissions } from "../../src/admission/finishAdmissions.ts";
import { Output } from "../../src/output.ts";
import { openProfile, type Profile } from "../../src/profile/profile.ts";

class SilentOutput extends Output {
  override log(): void {}
}

const PASSWORD = "a password of a test";
const folder = mkdtempSync(join(tmpdir(), "sinetti-confirm-"));
const profiles: Profile[] = [];
let system: TestSystem;
let mine: World;
let device: Device;

function worldAt(name: string, fetch: World["fetch"] = system.fetch): World {
  const profile = openProfile(join(folder, name), { mayMake: true });
  profiles.push(profile);
  return { ...profile.world, clock: system.clock, fetch };
}

beforeAll(async () => {
  system = await startTestSystem();
  mine = worldAt("admin");
  const { client } = await createPractice(mine, {
    endpoints: system.endpoints,
    installationCode: system.code(),
    password: PASSWORD,
    roles: ["admin", "therapist"],
  });
  const founder = {
    id: client.member,
    name: "Founder",
    roles: ["admin" as const, "therapist" as const],
  };
  await createDirectory(client.context, { name: "Kuusi", founder, site: "Kuusi" });
  device = await Device.unlock(mine, PASSWORD);
});
afterAll(async () => {
  for (const profile of profiles) profile.close();
  await system.stop();
  rmSync(folder, { recursive: true });
});

/** A program that starts anew on what is on the disk; the password is stretched once for all of them. */
const unlock = (fetch: World["fetch"] = system.fetch) =>
  Client.of({ ...mine, fetch }, device, system.endpoints);

/** Somebody who has answered their slip. */
async function answered(
  client: Client,
  name: string,
  who: { roles?: Role[]; site?: SiteId } = {},
): Promise<MemberId> {
  const { roles = ["therapist"], site = null } = who;
  const until = system.clock.now() + 86_400;
  const [made] = await inviteMembers(client.context, [{ name, roles, site }], {
    practiceName: "Kuusi",
    until,
  });
  if (made === undefined) throw new TypeError("no invitation");
  const { slip, member } = made;
  await acceptInvitation(worldAt(name), { endpoints: system.endpoints, slip, password: PASSWORD });
  return member;
}

/** What the next command does first. */
async function nextSession(): Promise<Client> {
  const client = await unlock();
  await client.resume();
  await finishAdmissions(client, new SilentOutput({ isJson: true }));
  return client;
}

describe("confirming", () => {
  it("that is cut off at any request is finished by the next commands, once", async () => {
    for (let last = 1; ; last++) {
      const member = await answered(await unlock(), `P${last}`);
      let count = 0;
      const cut = await unlock(async (url, init) => {
        const answer = await system.fetch(url, init);
        if (++count >= last) throw new TypeError("the connection is gone");
        return answer;
      });
      const failure = await confirmAnswered(cut, [member]).then(
        () => null,
        (error: unknown) => error,
      );
      let client = await nextSession();
      if ((await listInvitations(client.context)).some((row) => row.member === member)) {
        await confirmAnswered(client, [member]);
        client = await nextSession();
      }
      expect(rolesAt(client.practice, member), `cut at ${last}`).toEqual(["therapist"]);
      const directory = await openDirectory(client.context);
      expect(memberName(directory, member)).toBe(`P${last}`);
      const grants = grantsAt(directory.file.access).filter(
        ({ grant }) => grant.subject.id === member,
      );
      expect(grants, `cut at ${last}`).toHaveLength(1);
      expect(await listAdmissions(client)).toEqual([]);
      expect(await listInvitations(client.context)).toEqual([]);
      if (failure === null) return;
    }
  }, 120_000);

  it("seats office staff site by site, one order for a site that nobody sits at", async () => {
    const client = await unlock();
    await client.resume();
    const [here, there] = [randomSite(), randomSite()];
    const people = [
      { member: await answered(client, "A", { roles: ["office"], site: here }), site: here },
      { member: await answered(client, "B", { roles: ["office"], site: here }), site: here },
      { member: await answered(client, "C", { roles: ["office"], site: there }), site: there },
    ];
    await confirmAnswered(
      client,
      people.map(({ member }) => member),
    );
    const teams = Object.entries(client.practice.teams);
    expect(new Set(teams.map(([, { site }]) => site))).toEqual(new Set([here, there]));
    expect(teams).toHaveLength(2);
    for (const [team, { site }] of teams)
      for (const each of people)
        expect(sitsInTeam(client.practice, { team: team as TeamId, member: each.member })).toBe(
          each.site === site,
        );
    expect(await listAdmissions(client)).toEqual([]);
    // Whoever sits there gives the next seat, since the administrator does not hold the team's seed.
    const late = await answered(client, "D", { roles: ["office"], site: here });
    await confirmAnswered(client, [late]);
    expect((await listAdmissions(client)).map(({ member }) => member)).toEqual([late]);
  });
});

function randomSite(): SiteId {
  return bytesToId<SiteId>(randomBytes(16));
}
