import {
  Client,
  ClientError,
  approvePerson,
  createDirectory,
  createPractice,
  finishDevice,
  openDirectory,
  openTeam,
  requestDevice,
  sites,
  takePapers,
  type Endpoints,
  type World,
} from "@sinetti/client";
import { sitsInTeam, type SiteId, type TeamId } from "@sinetti/core";

import { practiceName, type PracticeWish, type StaffMember } from "./caseload.ts";

/** Nothing real is behind it: everybody may know it. */
export const INVENTED_PASSWORD = "invented-people";

/** A device of the staff, until it is closed. */
export interface StaffDevice {
  readonly world: World;
  close(): void;
}

/** Where the devices of the staff are, by their names; one that is not there yet is made. */
export type OpenDevice = (name: string) => StaffDevice;

const isThere = async ({ storage }: World): Promise<boolean> => (await storage.list("")).length > 0;

/** Founds the practice, or unlocks its founder where an earlier run has. */
export async function openFounder(
  { world }: StaffDevice,
  { endpoints, installationCode }: { endpoints: Endpoints; installationCode: string | undefined },
  { wish, founder }: { wish: PracticeWish; founder: StaffMember },
): Promise<Client> {
  const client = (await isThere(world))
    ? await Client.unlock(world, { password: INVENTED_PASSWORD, endpoints })
    : await foundHere(world, { endpoints, installationCode, founder });
  await client.resume();
  if (!(await hasDirectory(client))) {
    const { name, site } = practiceName(wish);
    const member = { id: client.member, name: founder.name, roles: [...founder.roles] };
    await createDirectory(client.context, { name, founder: member, site });
  }
  await takePapers(client);
  return client;
}

async function foundHere(
  world: World,
  {
    endpoints,
    installationCode,
    founder,
  }: { endpoints: Endpoints; installationCode: string | undefined; founder: StaffMember },
): Promise<Client> {
  if (installationCode === undefined)
    throw new ClientError("refused", { detail: "there is a practice here already" });
  const { client } = await createPractice(world, {
    endpoints,
    installationCode,
    password: INVENTED_PASSWORD,
    roles: founder.roles,
  });
  return client;
}

async function hasDirectory({ context }: Client): Promise<boolean> {
  try {
    return (await openDirectory(context)).values.has("practice");
  } catch (error) {
    if (error instanceof ClientError && error.code === "not-ready") return false;
    throw error;
  }
}

/** Gives somebody a device and makes them a member; whom an earlier run has is left as they are. */
export async function addColleague(
  admin: Client,
  { world }: StaffDevice,
  { endpoints, person }: { endpoints: Endpoints; person: StaffMember },
): Promise<Client["member"]> {
  const password = INVENTED_PASSWORD;
  const before = await findColleague(world, endpoints);
  if (before !== null) return before;
  const { code } = await requestDevice(world, { endpoints, password, isNewPerson: true });
  const { member } = await approvePerson(admin.context, code, person.roles);
  (await finishDevice(world, { password, endpoints })).lock();
  return member;
}

/** The member of a device; null: there is none, or an earlier run was cut before the device was approved, and it is emptied. */
async function findColleague(world: World, endpoints: Endpoints): Promise<Client["member"] | null> {
  if (!(await isThere(world))) return null;
  try {
    const client = await finishDevice(world, { password: INVENTED_PASSWORD, endpoints });
    client.lock();
    return client.member;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== "not-ready") throw error;
    const names = await world.storage.list("");
    await world.storage.write(names.map((name) => ({ name, value: null })));
    return null;
  }
}

/** Opens the office's team with its one receptionist, unless it is open. */
export async function seatOffice(admin: Client, office: Client["member"]): Promise<void> {
  const teams = Object.keys(admin.practice.teams) as TeamId[];
  if (teams.some((team) => sitsInTeam(admin.practice, { team, member: office }))) return;
  const [site] = sites(await openDirectory(admin.context));
  if (site === undefined) throw new TypeError("a practice has a site from its founding on");
  await openTeam(admin.context, { kind: "office", site: site.id as SiteId, members: [office] });
}
