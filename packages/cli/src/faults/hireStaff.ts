import { join } from "node:path";

import {
  approveDevice,
  approvePerson,
  createDirectory,
  createFiles,
  createPractice,
  finishDevice,
  generateCaseId,
  grantFiles,
  memberGrant,
  requestDevice,
  type Client,
  type Endpoints,
} from "@sinetti/client";
import { RIGHTS, type FileId, type MemberId } from "@sinetti/core";

import { openProfile } from "../profile/profile.ts";

/** Of every device of the drill. */
export const PASSWORD = "a password of the drill";
const SHARED_FILES = 2;

/** Where the one lives who founds the practice and administers it. */
export function founderFolder(folder: string): string {
  return join(folder, "founder");
}

/** A device of each member, and a second one of the first. */
export function deviceNames(clients: number): string[] {
  return [...Array.from({ length: clients }, (_, index) => nameOf(index)), TWIN];
}

const nameOf = (index: number): string => `c${index}`;
const TWIN = "c0-second";

/** A device at work, its member, and the colleague to whom they give access and from whom they take it. */
export interface Staff {
  readonly name: string;
  readonly profile: string;
  readonly member: MemberId;
  readonly colleague: MemberId;
}
type Hired = Omit<Staff, "colleague">;

interface Premises {
  readonly endpoints: Endpoints;
  readonly installationCode: string;
  /** Where the clients live. */
  readonly folder: string;
  readonly clients: number;
}

/** A practice of therapists with devices of their own, one of them with two, and a few care files that all of them write. */
export async function hireStaff(premises: Premises): Promise<{ staff: Staff[]; shared: FileId[] }> {
  const { endpoints, installationCode, folder, clients } = premises;
  const founding = openProfile(founderFolder(folder), { mayMake: true });
  try {
    const { client: founder } = await createPractice(founding.world, {
      endpoints,
      installationCode,
      password: PASSWORD,
      roles: ["therapist", "admin", "privacy"],
    });
    await createDirectory(founder.context, {
      name: "Drill",
      founder: { id: founder.member, name: "Founder", roles: ["admin"] },
      site: "Main",
    });
    const hired: Hired[] = [];
    for (let index = 0; index < clients; index++)
      hired.push(await hire(founder, { name: nameOf(index), premises }));
    const shared = await shareFiles(founder, hired);
    founder.lock();
    const staff = hired.map((person, index): Staff => {
      const { member: colleague } = hired[(index + 1) % hired.length] ?? person;
      return { ...person, colleague };
    });
    const [first] = staff;
    if (first !== undefined) staff.push(await addTwin(first, premises));
    return { staff, shared };
  } finally {
    founding.close();
  }
}

async function hire(
  founder: Client,
  { name, premises: { folder, endpoints } }: { name: string; premises: Premises },
): Promise<Hired> {
  const profile = openProfile(join(folder, name), { mayMake: true });
  try {
    const ask = { endpoints, password: PASSWORD };
    const { code } = await requestDevice(profile.world, { ...ask, isNewPerson: true });
    const { member } = await approvePerson(founder.context, code, ["therapist"]);
    (await finishDevice(profile.world, ask)).lock();
    return { name, profile: profile.folder, member };
  } finally {
    profile.close();
  }
}

/** A second device of the same member: it reaches for the same files, and spends the same budget. */
async function addTwin(owner: Staff, { folder, endpoints }: Premises): Promise<Staff> {
  const ask = { endpoints, password: PASSWORD };
  const first = openProfile(owner.profile, { mayMake: false });
  const second = openProfile(join(folder, TWIN), { mayMake: true });
  try {
    const client = await finishDevice(first.world, ask);
    const { code } = await requestDevice(second.world, { ...ask, isNewPerson: false });
    await client.context.practice.sync(client.context.services);
    const { given } = await approveDevice(client.context, code);
    if (given.state !== "done") throw new TypeError("a device of one's own needs nobody");
    (await finishDevice(second.world, ask)).lock();
    client.lock();
    return { ...owner, name: TWIN, profile: second.folder };
  } finally {
    first.close();
    second.close();
  }
}

/** Care files that every client may write, so that their devices race. */
async function shareFiles(founder: Client, members: readonly Hired[]): Promise<FileId[]> {
  const wishes = Array.from({ length: SHARED_FILES }, () => ({
    file: null,
    compartment: "care" as const,
    case: generateCaseId(),
    site: null,
    grants: [],
  }));
  const { context } = founder;
  const files = await createFiles(context, wishes);
  const rights = RIGHTS.read | RIGHTS.write;
  for (const { member } of members)
    await grantFiles(context, files, memberGrant(context, { member, rights, reason: "care" }));
  return files.map(({ file }) => file);
}
