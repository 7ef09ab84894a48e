import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ALL_RIGHTS,
  bytesToId,
  randomBytes,
  sitsInTeam,
  type SiteId,
  type TeamId,
} from "@sinetti/core";
import {
  createFiles,
  generateCaseId,
  giveOrder,
  openFiles,
  openTeam,
  removeFromTeam,
  type Client,
  type KnownFile,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { addMember, foundPractice, restart } from "./testWorld.ts";

let system: TestSystem;
let founder: Client;
let seated: Awaited<ReturnType<typeof addMember>>;
let team: TeamId;
let file: KnownFile;

const office = (site: SiteId, member: typeof seated) =>
  openTeam(founder.context, { kind: "office", site, members: [member.member] });
const newSite = (): SiteId => bytesToId<SiteId>(randomBytes(16));

/** A practice whose administrator sits in no team, and a patient registered by the first receptionist. */
beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder } = await foundPractice(system, ["therapist", "admin"]));
  seated = await addMember(system, founder, ["office"]);
  const site = newSite();
  ({ team } = await office(site, seated));
  await seated.client.resume();
  const [made] = await createFiles(seated.client.context, [
    {
      file: null,
      compartment: "identity",
      case: generateCaseId(),
      site,
      own: false,
      grants: [
        {
          subject: { type: "team", id: team },
          rights: ALL_RIGHTS,
          term: "standing",
          expires: 0,
          reason: "office",
        },
      ],
    },
  ]);
  if (made === undefined) throw new TypeError("no file");
  file = made;
});
afterAll(() => system.stop());

async function outcome(client: Client): Promise<string | undefined> {
  const [opened] = await openFiles(client.context, [file], { purpose: "contact" });
  return opened?.outcome;
}

async function sits({ member }: { member: typeof seated.member }): Promise<boolean> {
  await founder.resume();
  return sitsInTeam(founder.practice, { team, member });
}

describe("the next session of who sits in the office", () => {
  test("seats nobody without the role, nobody who is frozen, and nobody whose seat was taken", async () => {
    const therapist = await addMember(system, founder, ["therapist"]);
    const frozen = await addMember(system, founder, ["office"]);
    await giveOrder(founder.context, "freeze", { member: frozen.member });
    const gone = await addMember(system, founder, ["office"]);
    await seated.client.resume();
    expect(await sits(gone)).toBe(true);
    await removeFromTeam(founder.context, team, gone.member);
    await seated.client.resume();
    for (const each of [therapist, frozen, gone]) expect(await sits(each)).toBe(false);
    await giveOrder(founder.context, "member.end", { member: frozen.member });
  });

  test("seats a new colleague, who then opens what was registered before", async () => {
    const fresh = await addMember(system, founder, ["office"]);
    expect(await outcome(fresh.client).catch(() => "refused")).not.toBe("released");
    await founder.resume();
    expect(await sits(fresh)).toBe(false);
    await (await restart(system, seated.world)).resume();
    expect(await sits(fresh)).toBe(true);
    const again = await restart(system, fresh.world);
    await again.resume();
    expect(await outcome(again)).toBe("released");
  });

  test("asks the services for nothing when everybody sits", async () => {
    const client = await restart(system, seated.world);
    seated.world.requests.length = 0;
    await client.resume();
    expect(seated.world.requests).not.toContain("gate /v1/practice/submit");
  });

  test("leaves it to a person who sits where, once the practice has offices at two sites", async () => {
    const other = await addMember(system, founder, ["office"]);
    await office(newSite(), other);
    const fresh = await addMember(system, founder, ["office"]);
    await seated.client.resume();
    await other.client.resume();
    for (const each of [other, fresh]) expect(await sits(each)).toBe(false);
  });
});
