import { createHmac, randomBytes } from "node:crypto";
import { RIGHTS, policyAt, type FileId, type MemberId, type Role } from "@sinetti/core";
import {
  admitMembers,
  approveDevice,
  approveOpenings,
  approvePerson,
  createDirectory,
  createFiles,
  createPractice,
  finishDevice,
  generateCaseId,
  giveOrder,
  grantFiles,
  memberGrant,
  openDirectory,
  openFiles,
  prepareCanary,
  requestDevice,
  revokeGrant,
  setCanary,
  setPhase,
  type Client,
  type FileRef,
  type World,
} from "@sinetti/client";
import { loadSuite } from "../../../../tools/testPractice.ts";
import type { Launcher } from "./launcher.ts";
import { PASSWORD } from "./door.ts";

const DAY = 86_400;

/** The world of a device in this process, on the services of a launcher. */
function nodeWorld(): World {
  const cells = new Map<string, Uint8Array>();
  const factor = randomBytes(32);
  return {
    clock: { now: () => Date.now() / 1000 },
    fetch: (url, init) => fetch(url, init),
    deviceFactor: (salt) =>
      Promise.resolve(new Uint8Array(createHmac("sha256", factor).update(salt).digest())),
    storage: {
      get: (name) => Promise.resolve(cells.get(name) ?? null),
      list: (prefix) =>
        Promise.resolve([...cells.keys()].filter((name) => name.startsWith(prefix)).sort()),
      write: (changes) => {
        for (const { name, value } of changes)
          if (value === null) cells.delete(name);
          else cells.set(name, Uint8Array.from(value));
        return Promise.resolve();
      },
    },
  };
}

/** A practice with many accesses, ten of which must not be kept unseen, each for another reason. */
export interface ReviewedPractice {
  /** Accesses in all. */
  readonly edges: number;
  /** Lets a browser in as a further device of the reviewer. */
  letIn(code: string): Promise<void>;
  /** What the gate says to a colleague who opens the file that nobody could justify. */
  openUnjustified(): Promise<string | undefined>;
}

interface Person {
  readonly client: Client;
  readonly member: MemberId;
}

const careWish = () => ({
  file: null,
  compartment: "care" as const,
  case: generateCaseId(),
  site: null,
  grants: [],
});

/** Opens files so that the gate's log has their use. */
async function use({ client }: Person, files: readonly FileRef[]): Promise<void> {
  client.lock();
  await client.context.practice.sync(client.context.services);
  const opened = await openFiles(client.context, files, { purpose: "session", boxes: false });
  const refused = opened.find(({ outcome }) => outcome !== "released");
  if (refused !== undefined) throw new Error(`not opened: ${refused.outcome}`);
}

async function useDirectory({ client }: Person): Promise<void> {
  client.lock();
  await openDirectory(client.context);
}

async function hire(
  founder: Client,
  endpoints: Launcher["services"],
  { name, roles, isListed = true }: { name: string; roles: Role[]; isListed?: boolean },
): Promise<Person> {
  const world = nodeWorld();
  const asked = { endpoints, password: PASSWORD, isNewPerson: true };
  const { code } = await requestDevice(world, asked);
  const { member } = await approvePerson(founder.context, code, roles);
  if (isListed) await admitMembers(founder.context, [{ id: member, name, roles }]);
  const client = await finishDevice(world, { password: PASSWORD, endpoints });
  return { client, member };
}

async function give(
  from: Person,
  file: FileRef,
  to: Person,
  change: Partial<Parameters<typeof grantFiles>[2]> = {},
): Promise<void> {
  const { context } = from.client;
  await context.practice.sync(context.services);
  const grant = memberGrant(context, { member: to.member, rights: RIGHTS.read, reason: "care" });
  await grantFiles(context, [file], { ...grant, ...change });
}

/** Founds it on the services of a launcher: `plain` files of one therapist, all opened lately, and the ten. */
export async function fillReviewedPractice(
  launcher: Launcher,
  { plain }: { plain: number },
): Promise<ReviewedPractice> {
  await loadSuite();
  const { services: endpoints } = launcher;
  const roles: Role[] = ["therapist", "admin"];
  const { client: founder } = await createPractice(nodeWorld(), {
    endpoints,
    installationCode: launcher.installationCode(),
    password: PASSWORD,
    roles,
  });
  const named = { id: founder.member, name: "Aino Laine", roles };
  await createDirectory(founder.context, { name: "Kuusi", founder: named, site: "Main" });
  const aino: Person = { client: founder, member: founder.member };
  const add = (name: string, of: Role[], isListed = true): Promise<Person> =>
    hire(founder, endpoints, { name, roles: of, isListed });
  const helena = await add("Helena Ranta", ["privacy", "therapist"]);
  const mikael = await add("Mikael Berg", ["therapist"]);
  const liisa = await add("Liisa Koski", ["therapist"]);
  const eino = await add("Eino Niemi", ["therapist"], false);
  for (const each of [aino, mikael, liisa]) await useDirectory(each);

  const policy = policyAt(founder.practice);
  await giveOrder(founder.context, "policy", { policy: { ...policy, grantWeeks: 30 } });
  const [long] = await createFiles(founder.context, [careWish()]);
  await giveOrder(founder.context, "policy", { policy });
  const files = await createFiles(founder.context, Array.from({ length: plain + 5 }, careWish));
  const [unused, closed, shared, odd, asleep] = files;
  if (!long || !unused || !closed || !shared || !odd || !asleep) throw new TypeError("no files");
  await use(aino, [long, ...files.slice(1)]);

  await setPhase(founder.context, closed, "close");
  await give(aino, unused, mikael);
  await give(aino, shared, eino);
  await use(eino, [shared]);
  await giveOrder(founder.context, "member.end", { member: eino.member });
  await give(aino, shared, liisa, { rights: RIGHTS.read | RIGHTS.write });
  await use(liisa, [shared]);
  await giveOrder(founder.context, "member.role", {
    member: liisa.member,
    roles: ["supervisor"],
  });
  await give(aino, odd, mikael, { reason: "billing" });
  await use(mikael, [odd]);
  await give(aino, asleep, mikael, { term: "approved", reason: "stand-in" });
  await approveOpenings(founder.context, {
    subject: mikael.member,
    scope: "files",
    files: [asleep.file],
    count: 1,
    until: Math.floor(Date.now() / 1000) + DAY,
    reason: "leave",
  });
  await use(mikael, [asleep]);
  const [own] = await createFiles(helena.client.context, [careWish()]);
  if (own === undefined) throw new TypeError("no file");
  await give(helena, own, mikael, { rights: 7 });
  await use(mikael, [own]);
  await revokeGrant(helena.client.context, own, { type: "member", id: helena.member });
  await giveOrder(founder.context, "member.role", { member: helena.member, roles: ["privacy"] });
  const canary: FileId = await prepareCanary(founder, []);
  await setCanary(helena.client.context, canary, true);
  return {
    // The founder's, the directory of four, and what colleagues were given.
    edges: plain + 5 + 1 + 1 + 4 + 6,
    letIn: async (code) => {
      await approveDevice(helena.client.context, code);
    },
    openUnjustified: async () => {
      mikael.client.lock();
      const [opened] = await openFiles(mikael.client.context, [odd], { purpose: "session" });
      return opened?.outcome;
    },
  };
}
