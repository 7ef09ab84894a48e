import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bytesToId,
  epochAt,
  isRekeyDue,
  randomBytes,
  sitsInTeam,
  teamKey,
  type MemberId,
  type SiteId,
  type TeamId,
} from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  addPatient,
  appendEntries,
  fetchFiles,
  findPatientFiles,
  giveOrder,
  grantFiles,
  openFiles,
  openTeam,
  removeFromTeam,
  type Client,
  type KnownFile,
} from "@sinetti/client";
import { startTestSystem, type TestSystem } from "../../../tools/testSystem.ts";
import { PERSON } from "./samples.ts";
import { addMember, foundPractice, type TestDeviceWorld } from "./testWorld.ts";

interface Person {
  readonly client: Client;
  readonly world: TestDeviceWorld;
  readonly member: MemberId;
}

let system: TestSystem;
let founder: Client;
let therapist: Person;
let first: Person;
let second: Person;
let team: TeamId;

beforeAll(async () => {
  system = await startTestSystem();
  ({ client: founder } = await foundPractice(system, ["admin", "privacy"]));
  therapist = await addMember(system, founder, ["therapist"]);
  first = await addMember(system, founder, ["office"]);
  second = await addMember(system, founder, ["office"]);
});
afterAll(() => system.stop());

const sync = ({ client: { context } }: Person): Promise<void> =>
  context.practice.sync(context.services);

async function identityOf({ client }: Person, patient: string): Promise<KnownFile> {
  const { identity } = await findPatientFiles(client, patient);
  if (identity === null) throw new TypeError("no identity file");
  const fetched = (await fetchFiles(client.context, [identity], { boxes: false })).get(
    identity.file,
  );
  if (fetched === undefined) throw new TypeError("not given");
  return fetched.file;
}

async function outcome({ client }: Person, file: KnownFile): Promise<string | undefined> {
  client.lock();
  await client.context.practice.sync(client.context.services);
  const [opened] = await openFiles(client.context, [file], { purpose: "contact" });
  return opened?.outcome;
}

describe("a receptionist", () => {
  test("who has no seat yet is told so when they register a patient, and nothing is made", async () => {
    first.world.requests.length = 0;
    await expect(addPatient(first.client, PERSON)).rejects.toMatchObject({
      code: "refused",
      detail: "no-seat",
    });
    expect(first.world.requests).not.toContain("gate /v1/access/submit");
  });

  test("who was seated a moment ago registers, though their device has not heard of it", async () => {
    const members = [first.member, second.member];
    const site = bytesToId<SiteId>(randomBytes(16));
    ({ team } = await openTeam(founder.context, { kind: "office", site, members }));
    expect(first.client.practice.teams[team]).toBeUndefined();
    const { patient } = await addPatient(first.client, PERSON);
    expect(await outcome(first, await identityOf(first, patient))).toBe("released");
  });
});

describe("after a receptionist has left", () => {
  let patient: string;
  beforeAll(async () => {
    await sync(therapist);
    ({ patient } = await addPatient(therapist.client, PERSON));
    await removeFromTeam(founder.context, team, second.member);
    await sync(therapist);
  });

  test("a therapist, who holds no key of the office, goes on registering, and the office opens it", async () => {
    const added = await addPatient(therapist.client, PERSON);
    await sync(first);
    const file = await identityOf(therapist, added.patient);
    expect(await outcome(first, file)).toBe("released");
    expect(await outcome(second, file)).toBe("not-granted");
  });

  test("the next session of who sits there gives the office a new key, and the next entry has one of its own", async () => {
    expect(teamKey(founder.practice, team)?.version).toBe(1);
    await first.client.resume();
    await sync(therapist);
    expect(teamKey(therapist.client.practice, team)?.version).toBe(2);
    const file = await identityOf(therapist, patient);
    expect(isRekeyDue(file.access, therapist.client.practice)).toBe(true);
    await appendTo(therapist, file);
    expect(epochAt(file.access).epoch).toBe(2);
    expect(await outcome(first, file)).toBe("released");
    first.world.requests.length = 0;
    await first.client.resume();
    expect(first.world.requests).not.toContain("gate /v1/practice/submit");
  });

  test("a grant that was signed for the key of before is sealed anew for the new one", async () => {
    const { context } = therapist.client;
    const other = await addMember(system, founder, ["office"]);
    await sync(first);
    await first.client.resume();
    await sync(therapist);
    const { patient: made } = await addPatient(therapist.client, PERSON);
    const file = await identityOf(therapist, made);
    const old = {
      subject: { type: "team" as const, id: team },
      rights: 7,
      term: "standing" as const,
      expires: 0,
      reason: "office" as const,
    };
    // The office gets another key while the therapist's device knows the last one.
    await removeFromTeam(founder.context, team, other.member);
    await first.client.resume();
    await grantFiles(context, [file], old);
    await sync(therapist);
    const newest = teamKey(therapist.client.practice, team)?.version;
    const now = await identityOf(therapist, made);
    expect(now.access.grants.at(-1)?.grant.keyVersion).toBe(newest);
    expect(await outcome(first, now)).toBe("released");
  });

  test("and nobody sits in the office any more, a therapist goes on, and grants nothing to an empty one", async () => {
    await giveOrder(founder.context, "member.end", { member: first.member });
    await sync(therapist);
    expect(sitsInTeam(therapist.client.practice, { team, member: first.member })).toBe(false);
    await appendTo(therapist, await identityOf(therapist, patient));
    const added = await addPatient(therapist.client, PERSON);
    const { access } = await identityOf(therapist, added.patient);
    expect(access.grants.some(({ grant }) => grant.subject.id === team)).toBe(false);
  });
});

async function appendTo(person: Person, file: KnownFile): Promise<void> {
  expect(await outcome(person, file)).toBe("released");
  const { context } = person.client;
  const known = await context.files.get(file);
  if (known === null) throw new TypeError("not open");
  const body = new Uint8Array(300);
  await appendEntries(context, [
    { file: known, entries: [{ id: generateEntryId(), class: "entry", body }] },
  ]);
}
