import type { DeviceId } from "@sinetti/core";
import type { Client } from "./client.ts";
import { ClientError } from "./errors.ts";
import { changeFolded } from "./records/folded.ts";
import { openDirectory, type Directory } from "./records/directory.ts";

const CELLS = "device-name/";
const MAX_CHARACTERS = 60;

/** What devices are called: by an administrator in the directory, and over that by this member on this device. */
export async function readDeviceNames(
  { context: { device } }: Client,
  directory: Directory | null,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const value of directory?.values.values() ?? [])
    if (value.kind === "device") names.set(value.id, value.name);
  for (const cell of await device.list(CELLS)) {
    const name = await device.read(cell);
    if (name !== null) names.set(cell.slice(CELLS.length), new TextDecoder().decode(name));
  }
  return names;
}

/**
 * Calls a device something; an empty name takes it away. An administrator's word stands in the directory, for all of the staff;
 * anybody else's, for a device of their own, sealed on the device where they gave it. Errors: `input-rejected`, `unknown-record`.
 */
export async function nameDevice(client: Client, device: DeviceId, name: string): Promise<void> {
  const called = name.trim().replaceAll(/\s+/g, " ");
  if (called.length > MAX_CHARACTERS)
    throw new ClientError("input-rejected", { detail: "name: too long" });
  const { context, practice, member, roles } = client;
  const isOwn = practice.devices[device]?.member === member;
  if (roles.includes("admin")) {
    const directory = await openDirectory(context);
    const value = called === "" ? null : { kind: "device" as const, id: device, name: called };
    const changes = [{ key: `device/${device}`, value }];
    await changeFolded(context, directory, { compartment: "directory", changes });
  } else if (isOwn) {
    const cell = `${CELLS}${device}`;
    const body = new TextEncoder().encode(called);
    await context.device.write([
      called === "" ? { name: cell, value: null } : context.device.seal(cell, body),
    ]);
  } else throw new ClientError("unknown-record");
}
