import {
  admitMembers,
  appendEntries,
  createFiles,
  finishDevice,
  generateCaseId,
  openFiles,
  type Client,
  type KnownFile,
  type World,
} from "@sinetti/client";
import { generateEntryId } from "@sinetti/core/secret";

import { runFsck, type FsckReport } from "../../fsck/runFsck.ts";
import {
  INVENTED_PASSWORD,
  addColleague,
  type OpenDevice,
  type StaffDevice,
} from "../../synthetic/admitStaff.ts";
import type { StaffMember } from "../../synthetic/caseload.ts";
import type { RobbedSystem } from "../robbedSystem.ts";
import { FreshDevice } from "./freshDevice.ts";

/** What a live thief has of a system. */
export type LiveSystem = Pick<
  RobbedSystem,
  "endpoints" | "databases" | "addresses" | "migrations" | "checkThreads" | "gateKeys"
>;

/** Somebody of the staff, on a device of their own. */
export interface Person {
  readonly client: Client;
  readonly world: World;
  /** A client on the same device with a fresh cache. */
  readonly fresh: FreshDevice;
}

/** Where the live thieves act: people of the practice who meet nobody else's records. */
export interface Stage {
  readonly system: LiveSystem;
  readonly admin: Person;
  /** Writes the records that are attacked. */
  readonly owner: Person;
  /** Works beside them. */
  readonly colleague: Person;
  /** Is to leave. */
  readonly leaver: Person;
  /** Is to be frozen. */
  readonly halted: Person;
  readonly openDevice: OpenDevice;
  readonly check: () => Promise<FsckReport>;
}

const HIRED = {
  owner: { device: "theft-owner", name: "Owner Invented", roles: ["therapist"] },
  colleague: { device: "theft-colleague", name: "Colleague Invented", roles: ["therapist"] },
  leaver: { device: "theft-leaver", name: "Leaver Invented", roles: ["therapist"] },
  halted: { device: "theft-halted", name: "Halted Invented", roles: ["therapist"] },
} as const satisfies Record<string, StaffMember>;

/** Lets the founder hire who the live thieves need, for as long as `work` lasts. */
export async function withStage<T>(
  system: LiveSystem,
  openDevice: OpenDevice,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const opened: StaffDevice[] = [];
  const password = INVENTED_PASSWORD;
  const { endpoints } = system;
  const enter = async (name: string): Promise<Person> => {
    const device = openDevice(name);
    opened.push(device);
    const client = await finishDevice(device.world, { password, endpoints });
    await client.resume();
    const fresh = await FreshDevice.unlock(device.world, { password, endpoints });
    return { client, world: device.world, fresh };
  };
  try {
    const admin = await enter("founder");
    const hire = async (person: StaffMember): Promise<Person> => {
      const device = openDevice(person.device);
      const id = await addColleague(admin.client, device, { endpoints, person });
      device.close();
      const { name, roles } = person;
      await admitMembers(admin.client.context, [{ id, name, roles: [...roles] }]);
      return enter(person.device);
    };
    const people = {
      owner: await hire(HIRED.owner),
      colleague: await hire(HIRED.colleague),
      leaver: await hire(HIRED.leaver),
      halted: await hire(HIRED.halted),
    };
    return await work({ system, openDevice, admin, ...people, check: () => checkAll(system) });
  } finally {
    for (const device of opened) device.close();
  }
}

function checkAll({ addresses, migrations, checkThreads }: LiveSystem): Promise<FsckReport> {
  return runFsck({
    addresses,
    migrations,
    practice: null,
    threads: checkThreads,
    secondLookSeconds: 0,
    onProgress: () => undefined,
  });
}

/** A sentence that nobody else has written. */
export function sentenceOf(number: number): string {
  return `live-theft sentence ${number}: she slept five nights of seven`;
}

let written = 0;

/** Appends two entries to each record. */
export async function writeMore({ context }: Client, files: readonly KnownFile[]): Promise<void> {
  const entry = () => ({
    id: generateEntryId(),
    class: "entry" as const,
    body: new TextEncoder().encode(sentenceOf(written++)),
  });
  await appendEntries(
    context,
    files.map((file) => ({ file, entries: [entry(), entry()] })),
  );
}

/** Everything that `writeMore` has written until now. */
export function writtenSentences(): string[] {
  return Array.from({ length: written }, (_, number) => sentenceOf(number));
}

/** Records of one case with two entries each: one case costs the budget one opening. */
export async function writeRecords(
  { client }: Person,
  count: number,
  compartment: "care" | "identity" = "care",
): Promise<KnownFile[]> {
  const wish = { file: null, compartment, case: generateCaseId(), site: null, grants: [] };
  const files = await createFiles(
    client.context,
    Array.from({ length: count }, () => wish),
  );
  await writeMore(client, files);
  return files;
}

/** Opens records anew, so that the gate hears how far they have come. */
export async function report({ client }: Person, files: readonly KnownFile[]): Promise<void> {
  client.lock();
  await openFiles(client.context, files, { purpose: "session" });
}

/** The bytes of an id, as rows have them. */
export const idBytes = (id: string): Buffer => Buffer.from(id, "hex");
