import {
  isFrozenAt,
  liveFreezes,
  rolesAt,
  weekStart,
  type DeviceId,
  type MemberId,
  type Role,
} from "@sinetti/core";
import { leasedDirectory } from "./chart/leased.ts";
import type { Client } from "./client.ts";
import { ClientError, mustWait } from "./errors.ts";
import { readDeviceNames } from "./deviceNames.ts";
import { giveOrder, type Given } from "./giveOrder.ts";
import { openDirectory, type Directory } from "./records/directory.ts";

/** One device of a member, as the verified chain has it. */
export interface DeviceRow {
  readonly device: DeviceId;
  /** Null: nobody has called it anything. */
  readonly name: string | null;
  readonly isThisOne: boolean;
  readonly isEnded: boolean;
}

/** One member of the practice. */
export interface PersonRow {
  readonly member: MemberId;
  /** Null: the directory names nobody of this id, or is not open to this member. */
  readonly name: string | null;
  readonly title: string | null;
  readonly isMe: boolean;
  readonly isTrainee: boolean;
  /** None: they have ended. */
  readonly roles: readonly Role[];
  /** ISO date of the Monday in whose week they joined. */
  readonly joined: string;
  readonly isFrozen: boolean;
  readonly devices: readonly DeviceRow[];
}

/** The people of the practice, and whether it stands still. */
export interface PracticePeople {
  readonly people: readonly PersonRow[];
  /** Whether a freeze lies on the whole practice. */
  readonly isPracticeFrozen: boolean;
}

/** Members with roles, devices and freezes from the verified chain, and their names from the directory; no request where that is open. */
export async function practicePeople(client: Client): Promise<PracticePeople> {
  const { practice, context } = client;
  const directory = await directoryIfGranted(client);
  const names = await readDeviceNames(client, directory);
  const people = (Object.keys(practice.members) as MemberId[]).map((member): PersonRow => {
    const named = directory?.values.get(`member/${member}`);
    const own = named?.kind === "member" ? named : null;
    return {
      member,
      name: own?.name ?? null,
      title: own?.title ?? null,
      isMe: member === client.member,
      isTrainee: own?.trainee === true,
      roles: rolesAt(practice, member),
      joined: new Date(weekStart(practice.members[member]?.joinedWeek ?? 0) * 1000)
        .toISOString()
        .slice(0, 10),
      isFrozen: isFrozenAt(practice, member),
      devices: devicesOf(client, member, names),
    };
  });
  const isPracticeFrozen = liveFreezes(practice, context.device.owner.member).some(
    ({ freeze }) => freeze.member === null,
  );
  people.sort((a, b) => (a.name ?? a.member).localeCompare(b.name ?? b.member));
  return { people, isPracticeFrozen };
}

async function directoryIfGranted(client: Client): Promise<Directory | null> {
  try {
    return await leasedDirectory(client);
  } catch (error) {
    if (isClosedNow(error)) return null;
    throw error;
  }
}

const isClosedNow = (error: unknown): boolean =>
  mustWait(error) ||
  (error instanceof ClientError && (error.code === "not-ready" || error.code === "refused"));

/**
 * The directory as it stands; while it cannot be opened, in a freeze or where a service is silent, as this session holds it, and null
 * where it holds nothing.
 */
export async function knownDirectory(client: Client): Promise<Directory | null> {
  try {
    return await openDirectory(client.context);
  } catch (error) {
    if (!isClosedNow(error)) throw error;
    return directoryIfGranted(client);
  }
}

function devicesOf(
  { practice, context }: Client,
  member: MemberId,
  names: ReadonlyMap<string, string>,
): DeviceRow[] {
  return Object.entries(practice.devices)
    .filter(([, device]) => device.member === member)
    .map(([id, { endedSeq }]) => ({
      device: id as DeviceId,
      name: names.get(id) ?? null,
      isThisOne: id === context.device.owner.device,
      isEnded: endedSeq !== null,
    }));
}

/** The devices of this member. */
export async function listOwnDevices(client: Client): Promise<readonly DeviceRow[]> {
  const names = await readDeviceNames(client, await directoryIfGranted(client));
  return devicesOf(client, client.member, names);
}

/** Ends a device of this member: a stop, at once at all three services. Errors: `unknown-record`; `input-rejected` for the last one. */
export async function endOwnDevice(client: Client, device: DeviceId): Promise<Given> {
  const live = devicesOf(client, client.member, new Map()).filter(({ isEnded }) => !isEnded);
  if (!live.some((each) => each.device === device)) throw new ClientError("unknown-record");
  if (live.length === 1)
    throw new ClientError("input-rejected", {
      detail: "device: the last one; who leaves is ended as a member",
    });
  return giveOrder(client.context, "device.end", { device });
}
