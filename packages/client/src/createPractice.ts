import {
  DEFAULT_POLICY,
  bytesToId,
  decodeShape,
  encodeShape,
  practiceIdOf,
  randomBytes,
  shapes,
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
  signGenesis,
  type DeviceSeeds,
} from "@sinetti/core/secret";
import { Client } from "./client.ts";
import { Device } from "./device.ts";
import { runGenesis } from "./flush.ts";
import { leaveKitBlob } from "./kit.ts";
import { encodeOutboxItem, firstOutboxCell, type OutboxItemOf } from "./outbox.ts";
import { devicePublicKeys } from "./ownKeys.ts";
import { readServiceKeys, type Endpoints } from "./services.ts";
import { ClientError, isRefusal } from "./errors.ts";
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

/** Where the papers lie, sealed, until somebody has them in hand. */
const PAPERS = "founding-papers";
const papersShape = shapes.record({ kit: shapes.text(64), breakGlass: shapes.text(64) });

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

/**
 * Founds a practice on services that nobody has pinned yet: the genesis fixes their keys, and its hash is the practice id.
 * The device, the papers and the genesis are kept before the first request, so that `finishPractice` can finish what a
 * crash leaves. Errors: `profile-exists`, `unreachable`, ServiceRefusal `installation-code`.
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
        device: devicePublicKeys(world, device, seeds),
      },
    },
    recovery.root,
  );
  const practice = practiceIdOf(genesis);
  const papers = { kit: printKit(kit), breakGlass: printKit(code) };
  const owner = { practice, member, device };
  const work: OutboxItemOf<"genesis"> = { kind: "genesis", genesis, code: wish.installationCode };
  const created = await Device.create(world, owner, {
    password: wish.password,
    seeds,
    cells: [
      { name: PAPERS, body: encodeShape(papersShape, papers) },
      { name: firstOutboxCell, body: encodeOutboxItem(work) },
    ],
  });
  const client = await Client.join(world, created, { endpoints, serviceKeys });
  try {
    return { client, papers: await finishPractice(client) };
  } catch (error) {
    // No practice came of it: the device is to be made anew, with the right code.
    if (isRefusal(error, "installation-code")) await forgetAll(world);
    throw error;
  }
}

async function forgetAll({ storage }: World): Promise<void> {
  const names = await storage.list("");
  await storage.write(names.map((name) => ({ name, value: null })));
}

/** Does what is left of a founding, and gives its papers. Error: `profile-exists` for a practice whose papers were taken. */
export async function finishPractice({ context }: Client): Promise<FoundingPapers> {
  const cell = await context.device.read(PAPERS);
  if (cell === null) throw new ClientError("profile-exists");
  for (const { name, item } of await context.outbox.left())
    if (item.kind === "genesis") await runGenesis(context, { name, item });
  const { kit, breakGlass } = decodeShape(papersShape, cell);
  await leaveKitBlob(context, kit);
  return { root: context.device.owner.practice, kit, breakGlass };
}

/** Strikes the papers: whoever founded the practice has them in hand. */
export async function takePapers({ context }: Client): Promise<void> {
  await context.device.write([{ name: PAPERS, value: null }]);
}
