import { decodeShape, encodeShape, equalBytes, memberKey, shapes } from "@sinetti/core";
import {
  generateKit,
  generateSeed,
  kemKeyFromSeed,
  kitSignKey,
  parseKit,
  printKit,
  sealPriorSeed,
} from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError } from "./errors.ts";
import { giveOrder } from "./giveOrder.ts";
import { keepKit, leaveKitBlob } from "./kit.ts";
import type { Device } from "./device.ts";
import type { Change } from "./world.ts";

const REKEY = "member-rekey";
const rekeyShape = shapes.record({
  version: shapes.uint(),
  seed: shapes.fixedBytes(32),
  kit: shapes.text(64),
});

/** A new key and a new kit for this member, to be kept before either is given: `finishMemberRekey` does the rest. */
export function newMemberKey(device: Device, version: number): Change {
  const rekey = { version, seed: generateSeed(), kit: printKit(generateKit()) };
  return device.seal(REKEY, encodeShape(rekeyShape, rekey));
}

/**
 * Replaces this member's key and kit: after a kit was used, a device or a kit was stolen. The old seed is sealed under the
 * new one, records open a new epoch at their next write, and the new kit waits in `readKit` until it is printed.
 * Errors: `refused` when another device of the member was first.
 */
export async function rekeyMember(context: Context): Promise<void> {
  await finishMemberRekey(context);
  const { practice, device } = context;
  await practice.sync(context.services);
  const version = memberKey(practice.state, device.owner.member)?.version ?? 0;
  await device.write([newMemberKey(device, version + 1)]);
  await finishMemberRekey(context);
}

/** Finishes a replacement that was begun; false: none was. */
export async function finishMemberRekey(context: Context): Promise<boolean> {
  const { device, practice } = context;
  const cell = await device.read(REKEY);
  if (cell === null) return false;
  const rekey = decodeShape(rekeyShape, cell);
  const { version, seed, kit } = rekey;
  const key = kemKeyFromSeed(Uint8Array.from(seed)).publicKey;
  const find = () =>
    practice.state.members[device.owner.member]?.keys.find((each) => each.version === version);
  if (find() === undefined) await giveRekey(context, rekey);
  if (!equalBytes(find()?.key ?? new Uint8Array(0), key)) {
    await device.write([{ name: REKEY, value: null }]);
    throw new ClientError("refused", { detail: "another of your devices replaced your key" });
  }
  const before = device.seeds.member.filter((each) => each.version !== version);
  await device.changeSeeds({ member: [...before, { version, seed }] });
  await leaveKitBlob(context, kit);
  await device.write([keepKit(device, kit), { name: REKEY, value: null }]);
  return true;
}

async function giveRekey(
  context: Context,
  { version, seed, kit }: { version: number; seed: Uint8Array; kit: string },
): Promise<void> {
  const { practice, member } = context.device.owner;
  const newest = context.device.seeds.member.toSorted((a, b) => a.version - b.version).at(-1);
  if (newest === undefined || newest.version !== version - 1)
    throw new ClientError("refused", { detail: "this device does not hold your newest key" });
  const prior = sealPriorSeed(
    "member",
    { next: seed, prior: newest.seed },
    { practice, owner: member, version },
  );
  await giveOrder(context, "member.rekey", {
    member,
    version,
    key: kemKeyFromSeed(Uint8Array.from(seed)).publicKey,
    prior,
    kit: kitSignKey(parseKit(kit)).publicKey,
  });
}
