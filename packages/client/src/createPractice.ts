import {
  DEFAULT_POLICY,
  bytesToId,
  practiceIdOf,
  randomBytes,
  type DeviceId,
  type MemberId,
  type PracticeId,
  type Role,
} from "@sinetti/core";
import {
  breakGlassKey,
  deriveRecoveryKeys,
  generateKit,
  generateRecoverySecret,
  generateSeed,
  kemKeyFromSeed,
  kitSignKey,
  printKit,
  recoverySecretBytes,
  sealKitBlob,
  signGenesis,
  signKeyFromSeed,
  type DeviceSeeds,
} from "@sinetti/core/secret";
import { Client } from "./client.ts";
import { Device } from "./device.ts";
import { runGenesis } from "./flush.ts";
import { putKitBlob } from "./kit.ts";
import { readServiceKeys, type Endpoints } from "./services.ts";
import { ClientError } from "./errors.ts";
import type { World } from "./world.ts";

/** What whoever founds a practice must write down; shown once. */
export interface FoundingPapers {
  /** SHA-256-based fingerprint that every device ceremony compares: the practice id itself. */
  readonly root: PracticeId;
  /** The founder's recovery kit. */
  readonly kit: string;
  /** The practice's paper break-glass code. */
  readonly breakGlass: string;
}

/** Weeks before a new member counts as a second person. */
const QUORUM_AGE_WEEKS = 1;

/** A fresh set of seeds for a device of somebody new. */
export function generateDeviceSeeds(
  member: DeviceSeeds["member"],
  recovery: Uint8Array = new Uint8Array(0),
): DeviceSeeds {
  return {
    v: 1,
    statement: generateSeed(),
    request: generateSeed(),
    member,
    local: generateSeed(),
    recovery,
  };
}

/** The public halves of a device's seeds. */
export function devicePublicKeys(
  device: DeviceId,
  seeds: DeviceSeeds,
): {
  device: DeviceId;
  statementKey: ReturnType<typeof signKeyFromSeed>["publicKey"];
  requestKey: ReturnType<typeof signKeyFromSeed>["publicKey"];
} {
  return {
    device,
    statementKey: signKeyFromSeed(seeds.statement).publicKey,
    requestKey: signKeyFromSeed(seeds.request).publicKey,
  };
}

/**
 * Founds a practice on services that nobody has pinned yet: the genesis fixes their keys, and its hash is the practice id.
 * The device and the genesis are kept before the first request, so that a crash in between can be finished.
 * Errors: `profile-exists`, `unreachable`, ServiceRefusal `installation-code`.
 */
export async function createPractice(
  world: World,
  wish: {
    endpoints: Endpoints;
    installationCode: string;
    password: string;
    roles: readonly Role[];
  },
): Promise<{ client: Client; papers: FoundingPapers }> {
  if (await Device.exists(world)) throw new ClientError("profile-exists");
  const { endpoints } = wish;
  const serviceKeys = await readServiceKeys(world, endpoints);
  const recoverySecret = generateRecoverySecret();
  const recovery = deriveRecoveryKeys(recoverySecret);
  const [kit, code] = [generateKit(), generateKit()];
  const memberSeed = generateSeed();
  const seeds = generateDeviceSeeds(
    [{ version: 1, seed: memberSeed }],
    recoverySecretBytes(recoverySecret),
  );
  const [member, device] = [
    bytesToId<MemberId>(randomBytes(16)),
    bytesToId<DeviceId>(randomBytes(16)),
  ];
  const genesis = signGenesis(
    {
      root: recovery.root.publicKey,
      services: serviceKeys,
      recovery: { kem: recovery.kem.publicKey, sign: recovery.sign.publicKey },
      breakGlass: breakGlassKey(code).publicKey,
      policy: DEFAULT_POLICY,
      quorumAgeWeeks: QUORUM_AGE_WEEKS,
      founder: {
        member,
        roles: [...wish.roles],
        key: kemKeyFromSeed(Uint8Array.from(memberSeed)).publicKey,
        kit: kitSignKey(kit).publicKey,
        device: devicePublicKeys(device, seeds),
      },
    },
    recovery.root,
  );
  const practice = practiceIdOf(genesis);
  const created = await Device.create(
    world,
    { practice, member, device },
    { password: wish.password, seeds },
  );
  const client = await Client.join(world, created, { endpoints, serviceKeys });
  await runGenesis(
    client.context,
    await client.context.outbox.add<"genesis">({
      kind: "genesis",
      genesis,
      code: wish.installationCode,
    }),
  );
  await putKitBlob(client.context, sealKitBlob(kit, { practice, member, seeds: seeds.member }));
  return { client, papers: { root: practice, kit: printKit(kit), breakGlass: printKit(code) } };
}
