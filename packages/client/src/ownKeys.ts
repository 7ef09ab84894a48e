import {
  equalBytes,
  liveDevice,
  toSignPublicKey,
  type DeviceId,
  type SignPublicKey,
} from "@sinetti/core";
import { kemKeyFromSeed, signKeyFromSeed, type DeviceSeeds } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError, hardStop } from "./errors.ts";
import type { World } from "./world.ts";

/** The public halves of a device: of its seeds, and of the request key that the platform keeps if it keeps one. */
export function devicePublicKeys(
  { requestKey }: Pick<World, "requestKey">,
  device: DeviceId,
  seeds: DeviceSeeds,
): { device: DeviceId; statementKey: SignPublicKey; requestKey: SignPublicKey } {
  return {
    device,
    statementKey: signKeyFromSeed(seeds.statement).publicKey,
    requestKey:
      requestKey === undefined
        ? signKeyFromSeed(seeds.request).publicKey
        : toSignPublicKey(requestKey.publicKey),
  };
}

/**
 * Compares the public halves, recomputed from what was unlocked, with what the verified chain names for this device: at the
 * end of a ceremony and at every unlock. Error: `not-ready` while the chain does not know the device, or no more.
 */
export function checkOwnKeys({
  world,
  device,
  practice,
}: Pick<Context, "world" | "device" | "practice">): void {
  const { owner, seeds } = device;
  const found = liveDevice(practice.state, owner.device);
  if (found === null) throw new ClientError("not-ready");
  const expected = devicePublicKeys(world, owner.device, seeds);
  const keys = practice.state.members[owner.member]?.keys ?? [];
  const areSeedsRight = seeds.member.every(({ version, seed }) => {
    const named = keys.find((key) => key.version === version)?.key;
    return (
      named !== undefined && equalBytes(kemKeyFromSeed(Uint8Array.from(seed)).publicKey, named)
    );
  });
  const isSame =
    found.member === owner.member &&
    equalBytes(found.statementKey, expected.statementKey) &&
    equalBytes(found.requestKey, expected.requestKey);
  if (!isSame || !areSeedsRight) throw hardStop("the chain names other keys for this device");
}
