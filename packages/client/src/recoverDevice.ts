import {
  CoreError,
  bytesToId,
  randomBytes,
  type DeviceId,
  type MemberId,
  type PracticeId,
} from "@sinetti/core";
import { parseKit, printKit } from "@sinetti/core/secret";
import type { Client } from "./client.ts";
import { generateDeviceSeeds } from "./createPractice.ts";
import { Device } from "./device.ts";
import { ClientError } from "./errors.ts";
import { finishRecovery, readRecoverWork, recoverCell, type RecoverWork } from "./recoverWork.ts";
import type { Endpoints } from "./services.ts";
import type { World } from "./world.ts";

/**
 * Brings a member back by the kit on paper: a new device with the member's own keys, which acts at once with a second
 * member's approval and alone after 24 hours; every device of the member is told and may refuse it. Then the key and the kit
 * are replaced. Errors: OrderWaits, `input-rejected` for another kit, `profile-exists`, `unreachable`.
 */
export async function recoverDevice(
  world: World,
  wish: {
    endpoints: Endpoints;
    password: string;
    /** As it was typed. */
    kit: string;
    practice: PracticeId;
    member: MemberId;
  },
): Promise<Client> {
  const { practice, member } = wish;
  const owner = { practice, member, device: bytesToId<DeviceId>(randomBytes(16)) };
  const work: RecoverWork = { by: "kit", kit: readKitCode(wish.kit), order: null };
  const device = await Device.create(world, owner, {
    password: wish.password,
    seeds: generateDeviceSeeds([]),
    cells: [recoverCell(work)],
  });
  return beginRecovery(world, device, { work, endpoints: wish.endpoints });
}

function readKitCode(typed: string): string {
  try {
    return printKit(parseKit(typed));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    throw new ClientError("input-rejected", { detail: "recovery kit: mistyped", cause: error });
  }
}

/** Begins a recovery; a device for which no order was signed is forgotten again, so that nothing stands in the way of the next try. */
export async function beginRecovery(
  world: World,
  device: Device,
  options: { work: RecoverWork; endpoints: Endpoints },
): Promise<Client> {
  try {
    return await finishRecovery(world, device, options);
  } catch (error) {
    const work = await readRecoverWork(device);
    if (work?.order === null) {
      const names = await world.storage.list("");
      await world.storage.write(names.map((name) => ({ name, value: null })));
    }
    throw error;
  }
}
