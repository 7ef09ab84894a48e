import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";

import {
  addPatient,
  admitMembers,
  appendEntries,
  approveOpenings,
  approvePending,
  approvePerson,
  createDirectory,
  createFiles,
  createPractice,
  finishDevice,
  generateCaseId,
  giveOrder,
  grantFiles,
  importFhir,
  lookUpPatients,
  memberGrant,
  openDirectory,
  openFiles,
  openRoster,
  openTeam,
  placeHold,
  proposeErase,
  proposeUnhold,
  putAttachment,
  renewGrant,
  requestDevice,
  revokeGrant,
  saveDraft,
  setCanary,
  setPhase,
  sites,
  type Change,
  type Client,
  type GrantWish,
  type KnownFile,
  type Storage,
  type World,
} from "@sinetti/client";
import { RIGHTS, parseId, type FileId, type Role, type SiteId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";

import { databaseUrlToOptions } from "../../../../tools/databaseAddress.ts";
import { startTestSystem, type TestSystem } from "../../../../tools/testSystem.ts";
import { sampleBundles } from "../../src/bench/sampleBundle.ts";
import { runFsck, type FsckReport } from "../../src/fsck/runFsck.ts";

const PASSWORD = "correct horse battery staple";
const WEEK = 7 * 86_400;
const HOUR = 3600;
const FOUNDER_ROLES: Role[] = ["therapist", "admin", "privacy"];

function memoryStorage(): Storage {
  const cells = new Map<string, Uint8Array>();
  return {
    get: (name) => Promise.resolve(cells.get(name) ?? null),
    list: (prefix) =>
      Promise.resolve([...cells.keys()].filter((name) => name.startsWith(prefix)).sort()),
    write: (changes: readonly Change[]) => {
      for (const { name, value } of changes) {
        if (value === null) cells.delete(name);
        else cells.set(name, value);
      }
      return Promise.resolve();
    },
  };
}

/** A device with nothing on it. */
export function deviceWorld({ clock, fetch }: TestSystem): World {
  const factor = randomBytes(32);
  return {
    clock,
    fetch,
    storage: memoryStorage(),
    deviceFactor: (salt) =>
      Promise.resolve(new Uint8Array(createHmac("sha256", factor).update(salt).digest())),
  };
}

async function foundPractice(system: TestSystem): Promise<Client> {
  const { client } = await createPractice(deviceWorld(system), {
    endpoints: system.endpoints,
    installationCode: system.code(),
    password: PASSWORD,
    roles: FOUNDER_ROLES,
  });
  const founder = { id: client.member, name: "Founder", roles: FOUNDER_ROLES };
  await createDirectory(client.context, { name: "Practice", founder, site: "Main" });
  await openRoster(client.context, true);
  return client;
}

async function addMember(system: TestSystem, admin: Client, roles: Role[]): Promise<Client> {
  const world = deviceWorld(system);
  const { endpoints } = system;
  const { code } = await requestDevice(world, { endpoints, password: PASSWORD, isNewPerson: true });
  const { member } = await approvePerson(admin.context, code, roles);
  const named = { id: member, name: `Member ${roles.join(" ")}`, roles };
  await admitMembers(admin.context, [named]);
  return finishDevice(world, { password: PASSWORD, endpoints });
}

const text = (body: string): Uint8Array => new TextEncoder().encode(body);

async function append(client: Client, file: KnownFile, ...bodies: string[]): Promise<void> {
  const entries = bodies.map((body) => ({
    id: generateEntryId(),
    class: "entry" as const,
    body: text(body),
  }));
  await appendEntries(client.context, [{ file, entries }]);
}

async function careFiles({ context }: Client, count: number): Promise<KnownFile[]> {
  const wishes = Array.from({ length: count }, () => ({
    file: null,
    compartment: "care" as const,
    case: generateCaseId(),
    site: null,
    grants: [],
  }));
  return createFiles(context, wishes);
}

async function attach(client: Client, file: KnownFile, bytes: Uint8Array): Promise<void> {
  const { link, carried } = await putAttachment(
    client.context,
    file,
    (async function* () {
      yield bytes;
    })(),
  );
  const body = text(JSON.stringify(link));
  const entry = { id: generateEntryId(), class: "attachment" as const, body, attachment: carried };
  await appendEntries(client.context, [{ file, entries: [entry] }]);
}

/** Files of the sound system that a test can name. */
export interface NamedFiles {
  /** Care, granted to a colleague and revoked, two epochs, three statements, a draft. */
  readonly care: FileId;
  /** Care, an attachment of three chunks. */
  readonly attached: FileId;
  /** Care, granted in a batch. */
  readonly batched: FileId;
  readonly erased: FileId;
}

function grantTo({ context }: Client, { member }: Client): GrantWish {
  return memberGrant(context, { member, rights: RIGHTS.read | RIGHTS.write, reason: "care" });
}

async function write(system: TestSystem, founder: Client, therapist: Client): Promise<NamedFiles> {
  const [care, attached, batched, erased, pending, canary] = await careFiles(founder, 6);
  if (!care || !attached || !batched || !erased || !pending || !canary)
    throw new TypeError("no files");
  await append(founder, care, "one", "two");
  await append(founder, care, "three");
  const grant = grantTo(founder, therapist);
  await grantFiles(founder.context, [care, batched], grant);
  await openFiles(therapist.context, [care, batched], { purpose: "session" });
  await revokeGrant(founder.context, care, { type: "member", id: therapist.member });
  await append(founder, care, "four, of a new epoch");
  await saveDraft(founder.context, care, { draft: null, body: text("not finished") });
  await attach(founder, attached, new Uint8Array(600_000).fill(5));
  await append(founder, batched, "kept");
  await append(founder, erased, "to be erased");
  await attach(founder, erased, new Uint8Array(1000));
  await openFiles(founder.context, [care, attached, batched], { purpose: "session" });
  therapist.lock();
  await openFiles(therapist.context, [batched], { purpose: "session" });
  const given = await proposeErase(founder.context, erased.file, "request");
  if (given.state === "pending") await approvePending(therapist.context, given.order);
  await proposeErase(founder.context, pending.file, "retention");
  const held = await placeHold(founder.context, pending.file, { reason: "claim", until: null });
  const lifted = await proposeUnhold(founder.context, pending.file, held);
  if (lifted.state === "pending") await approvePending(therapist.context, lifted.order);
  await placeHold(founder.context, attached.file, { reason: "patient", until: null });
  await renewGrant(therapist.context, batched, {
    subject: { type: "member", id: founder.member },
    rights: RIGHTS.read | RIGHTS.grant,
    term: "standing",
    expires: grant.expires,
  });
  await setPhase(founder.context, canary, "close");
  await setCanary(founder.context, canary.file, true);
  await approveOpenings(therapist.context, {
    subject: founder.member,
    scope: "files",
    files: [care.file],
    count: 2,
    until: Math.floor(system.clock.now()) + HOUR,
    reason: "audit",
  });
  return {
    care: care.file,
    attached: attached.file,
    batched: batched.file,
    erased: erased.file,
  };
}

async function freezeAndThaw(system: TestSystem, whom: Client, others: Client[]): Promise<void> {
  await giveOrder(whom.context, "freeze", { member: whom.member });
  system.clock.advance(2 * HOUR);
  const [first, second] = others;
  if (first === undefined || second === undefined) throw new TypeError("nobody thaws");
  await first.context.practice.sync(first.context.services);
  const [freeze] = Object.keys(first.practice.freezes);
  const given = await giveOrder(first.context, "thaw", { freeze: parseId(freeze ?? "") });
  if (given.state === "pending") await approvePending(second.context, given.order);
}

/** A practice as it is after some weeks: every kind of statement and row that the client can make. */
export async function startSoundSystem(): Promise<{
  system: TestSystem;
  founder: Client;
  files: NamedFiles;
  /** A little more of everyday work. */
  readonly write: () => Promise<void>;
}> {
  const system = await startTestSystem();
  const founder = await foundPractice(system);
  const therapist = await addMember(system, founder, ["therapist", "privacy"]);
  const office = await addMember(system, founder, ["office"]);
  system.clock.advance(3 * WEEK);
  const [site] = sites(await openDirectory(founder.context));
  const { given } = await openTeam(founder.context, {
    kind: "office",
    site: parseId<SiteId>(site?.id ?? ""),
    members: [office.member],
  });
  if (given.state === "pending") await approvePending(therapist.context, given.order);
  await founder.context.practice.sync(founder.context.services);
  const person = {
    name: { family: "Virtanen", given: ["Aino"] },
    formerNames: [],
    otherCodes: [],
    addresses: [],
    phones: [{ value: "+358401234567" }],
    emails: [],
  };
  await addPatient(founder, person);
  await lookUpPatients(founder, { phone: "+358401234567" });
  await importFhir(founder, sampleBundles(2), {
    dryRun: false,
    zone: "Europe/Helsinki",
    onProgress: () => undefined,
    isStopped: () => false,
  });
  const files = await write(system, founder, therapist);
  await freezeAndThaw(system, office, [founder, therapist]);
  const more = async (): Promise<void> => {
    const [file] = await careFiles(founder, 1);
    if (file === undefined) throw new TypeError("no file");
    await append(founder, file, "more");
    await grantFiles(founder.context, [file], grantTo(founder, therapist));
    founder.context.files.forget(file.file);
    await openFiles(founder.context, [file], { purpose: "session" });
  };
  return { system, founder, files, write: more };
}

function migrationsOf(name: "vault" | "gate"): Map<string, string> {
  const folder = new URL(`../../../${name}/src/migrations/`, import.meta.url);
  return new Map(
    readdirSync(folder).map((file) => [
      file,
      createHash("sha256")
        .update(readFileSync(new URL(file, folder)))
        .digest("hex"),
    ]),
  );
}

/** What the check says of a system now. */
export function check(
  { databases }: TestSystem,
  { threads = 0, secondLookSeconds = 0 }: { threads?: number; secondLookSeconds?: number } = {},
): Promise<FsckReport> {
  const address = (url: string) => databaseUrlToOptions(url);
  return runFsck({
    addresses: {
      who: address(databases.who.superUrl),
      what: address(databases.what.superUrl),
      gate: address(databases.gate.superUrl),
    },
    migrations: {
      who: migrationsOf("vault"),
      what: migrationsOf("vault"),
      gate: migrationsOf("gate"),
    },
    practice: null,
    threads,
    secondLookSeconds,
    onProgress: () => undefined,
  });
}
