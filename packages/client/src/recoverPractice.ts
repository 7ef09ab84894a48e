import {
  bytesToId,
  randomBytes,
  type DeviceId,
  type MemberId,
  type PracticeId,
  type Role,
  type Secret,
} from "@sinetti/core";
import { generateKit, generateSeed, printKit, recoverySecretBytes } from "@sinetti/core/secret";
import type { Client } from "./client.ts";
import { generateDeviceSeeds } from "./createPractice.ts";
import { Device } from "./device.ts";
import { beginRecovery } from "./recoverDevice.ts";
import { recoverCell, type RecoverWork } from "./recoverWork.ts";
import type { Endpoints } from "./services.ts";
import type { World } from "./world.ts";

/**
 * Brings a new member into a practice by the secret that its trustees joined: after 72 hours, in which two of the staff may
 * withdraw it and everybody is told. The member then reads what recovery reads, until the secret is replaced.
 * Errors: OrderWaits, `input-rejected` for a secret that was replaced, `profile-exists`, `unreachable`.
 */
export async function recoverPractice(
  world: World,
  wish: {
    endpoints: Endpoints;
    password: string;
    secret: Secret<"recovery">;
    practice: PracticeId;
    roles: readonly Role[];
    /** For the directory, once the new member may write in it. */
    name: string;
  },
): Promise<Client> {
  const owner = {
    practice: wish.practice,
    member: bytesToId<MemberId>(randomBytes(16)),
    device: bytesToId<DeviceId>(randomBytes(16)),
  };
  const seeds = generateDeviceSeeds(
    [{ version: 1, seed: generateSeed() }],
    recoverySecretBytes(wish.secret),
  );
  const work: RecoverWork = {
    by: "recovery",
    kit: printKit(generateKit()),
    name: wish.name,
    roles: [...wish.roles],
    order: null,
  };
  const { password } = wish;
  const device = await Device.create(world, owner, { password, seeds, cells: [recoverCell(work)] });
  return beginRecovery(world, device, { work, endpoints: wish.endpoints });
}
