import {
  CoreError,
  GATE_ROUTES,
  bytesToId,
  decodeShape,
  encodeShape,
  introductionWords,
  randomBytes,
  shapes,
  type DeviceId,
  type Secret,
} from "@sinetti/core";
import {
  generateKit,
  generateSeed,
  kemKeyFromSeed,
  kitSignKey,
  openOffer,
  parseKit,
  parseSlip,
  printKit,
  sealIntroduction,
  slipMailbox,
  type InvitationOffer,
} from "@sinetti/core/secret";
import { generateDeviceSeeds } from "./createPractice.ts";
import { Device } from "./device.ts";
import { ClientError, hardStop, isRefusal } from "./errors.ts";
import { devicePublicKeys } from "./ownKeys.ts";
import { callUnsigned, type Endpoints } from "./services.ts";
import { readWaiting, waitingCell } from "./waitingDevice.ts";
import type { World } from "./world.ts";

const INTRODUCTION = "introduction";
const introductionCell = shapes.record({
  mailbox: shapes.fixedBytes(16),
  answer: shapes.maxBytes(8192),
});

/** What somebody who answers a slip has in hand. */
export interface AcceptedInvitation {
  /** The recovery kit, shown until the practice has confirmed; null afterwards. */
  readonly kit: string | null;
  /** To be compared with what the administrator sees; null once confirmed. */
  readonly words: string | null;
}

/** What a slip promises. Errors: `refused` when it is mistyped, unknown, used or over, `verification-failed` for a forged offer. */
export async function readInvitation(
  world: World,
  { endpoints, slip }: { endpoints: Endpoints; slip: string },
): Promise<InvitationOffer> {
  const secret = readSlip(slip);
  const { offer, isAnswered } = await callUnsigned(world, endpoints, {
    service: "gate",
    route: GATE_ROUTES.invitationGet,
    body: { mailbox: slipMailbox(secret) },
  });
  if (offer === null) throw new ClientError("refused", { detail: "slip-unknown" });
  if (isAnswered) throw new ClientError("refused", { detail: "slip-used" });
  const promised = openOwnOffer(secret, offer);
  if (promised.until <= world.clock.now())
    throw new ClientError("refused", { detail: "slip-over" });
  return promised;
}

/** Error: `refused` for what is no slip by its check: a slip of the finger is no failed verification. */
function readSlip(typed: string): Secret<"slip"> {
  try {
    return parseSlip(typed);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    throw new ClientError("refused", { detail: "slip-typed", cause: error });
  }
}

function openOwnOffer(slip: Secret<"slip">, sealed: Uint8Array): InvitationOffer {
  try {
    return openOffer(slip, sealed);
  } catch (error) {
    throw error instanceof CoreError
      ? hardStop("the offer was not made with this slip", error)
      : error;
  }
}

/**
 * Makes the keys of somebody new on this device, keeps them sealed, and answers the slip with their public halves. What is cut
 * off is taken up by `finishDevice`, which sends the same answer again. Errors: `profile-exists`, those of `readInvitation`.
 */
export async function acceptInvitation(
  world: World,
  wish: { endpoints: Endpoints; slip: string; password: string },
): Promise<AcceptedInvitation & { offer: InvitationOffer }> {
  if (await Device.exists(world)) throw new ClientError("profile-exists");
  const offer = await readInvitation(world, wish);
  const { practice, member } = offer;
  const slip = parseSlip(wish.slip);
  const own = generateSeed();
  const seeds = generateDeviceSeeds([{ version: 1, seed: own }]);
  const kit = generateKit();
  const device = devicePublicKeys(world, bytesToId<DeviceId>(randomBytes(16)), seeds);
  const introduction = {
    device,
    key: kemKeyFromSeed(Uint8Array.from(own)).publicKey,
    kit: kitSignKey(kit).publicKey,
  };
  const printed = printKit(kit);
  const answer = sealIntroduction(slip, { practice, member }, introduction);
  const cell = encodeShape(introductionCell, { mailbox: slipMailbox(slip), answer });
  const made = await Device.create(
    world,
    { practice, member, device: device.device },
    {
      password: wish.password,
      seeds,
      cells: [waitingCell({ code: "", kit: printed }), { name: INTRODUCTION, body: cell }],
    },
  );
  await sendIntroduction(world, made, wish.endpoints);
  return { offer, kit: printed, words: introductionWords(introduction) };
}

/** Answers the slip if that was cut off: the same answer again is no second one. Error: `refused` when somebody else used the slip. */
export async function sendIntroduction(
  world: World,
  device: Device,
  endpoints: Endpoints,
): Promise<void> {
  const cell = await device.read(INTRODUCTION);
  if (cell === null) return;
  try {
    await callUnsigned(world, endpoints, {
      service: "gate",
      route: GATE_ROUTES.invitationAnswer,
      body: decodeShape(introductionCell, cell),
    });
  } catch (error) {
    if (isRefusal(error, "conflict"))
      throw new ClientError("refused", { detail: "slip-used", cause: error });
    if (isRefusal(error, "not-found"))
      throw new ClientError("refused", { detail: "slip-over", cause: error });
    throw error;
  }
  await device.write([{ name: INTRODUCTION, value: null }]);
}

/** Words and kit of a device that answered a slip, for as long as it waits. Errors: `no-profile`, `wrong-password`. */
export async function readAccepted(world: World, password: string): Promise<AcceptedInvitation> {
  const device = await Device.unlock(world, password);
  const waiting = await readWaiting(device);
  if (waiting === null || waiting.kit === "" || waiting.code !== "")
    return { kit: null, words: null };
  const words = introductionWords({
    device: devicePublicKeys(world, device.owner.device, device.seeds),
    key: device.memberKey(1).publicKey,
    kit: kitSignKey(parseKit(waiting.kit)).publicKey,
  });
  return { kit: waiting.kit, words };
}
