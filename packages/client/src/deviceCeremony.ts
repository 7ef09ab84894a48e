import {
  GATE_ROUTES,
  ZERO_ID,
  bytesToId,
  randomBytes,
  type DeviceId,
  type MemberId,
  type PracticeId,
  type Role,
} from "@sinetti/core";
import {
  createDeviceCode,
  deviceCodeMailbox,
  generateKit,
  generateSeed,
  kemKeyFromSeed,
  kitSignKey,
  openDeviceAnswer,
  printKit,
  readDeviceRequest,
  sealDeviceAnswer,
  type DeviceRequest,
  type DeviceSeeds,
} from "@sinetti/core/secret";
import { sendIntroduction } from "./acceptInvitation.ts";
import { Client } from "./client.ts";
import type { Context } from "./context.ts";
import { generateDeviceSeeds } from "./createPractice.ts";
import { checkOwnKeys, devicePublicKeys } from "./ownKeys.ts";
import { Device } from "./device.ts";
import { ClientError, isRefusal } from "./errors.ts";
import { giveOrder, type Given } from "./giveOrder.ts";
import { keepKit, leaveKitBlob } from "./kit.ts";
import { finishRecovery, readRecoverWork } from "./recoverWork.ts";
import { callUnsigned, type Endpoints } from "./services.ts";
import { NO_MORE_WAITING, readWaiting, waitingCell } from "./waitingDevice.ts";
import type { World } from "./world.ts";

/** Version under which a waiting device keeps the one-time key of its answer. */
const EPHEMERAL_VERSION = 0;

/** What a new device shows. */
export interface RequestedDevice {
  /** The code to read out or scan; it commits to the keys of this device. */
  readonly code: string;
  /** The recovery kit of somebody new, shown once; null for a further device of a member. */
  readonly kit: string | null;
}

/**
 * Makes the keys of a new device, keeps them sealed, and leaves its request in a mailbox that only the code finds.
 * `isNewPerson`: it brings a member key and recovery kit of its own. Errors: `profile-exists`, `unreachable`.
 */
export async function requestDevice(
  world: World,
  wish: { endpoints: Endpoints; password: string; isNewPerson: boolean },
): Promise<RequestedDevice> {
  if (await Device.exists(world)) throw new ClientError("profile-exists");
  const device = bytesToId<DeviceId>(randomBytes(16));
  const [ephemeral, own] = [generateSeed(), generateSeed()];
  const member = [
    { version: EPHEMERAL_VERSION, seed: ephemeral },
    ...(wish.isNewPerson ? [{ version: 1, seed: own }] : []),
  ];
  const seeds = generateDeviceSeeds(member);
  const kit = wish.isNewPerson ? generateKit() : null;
  const request: DeviceRequest = {
    v: 1,
    device: devicePublicKeys(world, device, seeds),
    ephemeral: kemKeyFromSeed(Uint8Array.from(ephemeral)).publicKey,
    person:
      kit === null
        ? null
        : { key: kemKeyFromSeed(Uint8Array.from(own)).publicKey, kit: kitSignKey(kit).publicKey },
  };
  const { code, mailbox, blob } = createDeviceCode(request);
  const owner = { practice: ZERO_ID as PracticeId, member: ZERO_ID as MemberId, device };
  const printed = kit === null ? "" : printKit(kit);
  await callUnsigned(world, wish.endpoints, {
    service: "gate",
    route: GATE_ROUTES.rendezvousPut,
    body: { mailbox, side: "request", blob },
  });
  await Device.create(world, owner, {
    password: wish.password,
    seeds,
    cells: [waitingCell({ code, kit: printed })],
  });
  return { code, kit: kit === null ? null : printed };
}

async function fetchRequest(context: Context, code: string): Promise<DeviceRequest> {
  const mailbox = deviceCodeMailbox(code);
  const { blob } = await context.services
    .call("gate", GATE_ROUTES.rendezvousGet, { mailbox, side: "request" })
    .then(({ answer }) => answer);
  if (blob === null)
    throw new ClientError("unknown-record", { detail: "no device waits under this code" });
  return readDeviceRequest(code, blob);
}

async function sendAnswer(
  context: Context,
  code: string,
  {
    request,
    member,
    seeds,
  }: { request: DeviceRequest; member: MemberId; seeds: DeviceSeeds["member"] },
): Promise<void> {
  const { practice, root } = context.practice.state;
  const blob = sealDeviceAnswer(code, request, { practice, root, member, seeds: [...seeds] });
  await context.services.call("gate", GATE_ROUTES.rendezvousPut, {
    mailbox: deviceCodeMailbox(code),
    side: "answer",
    blob,
  });
}

/** Adds the device that shows `code` to this member. Errors: `verification-failed` when the server swapped the request. */
export async function approveDevice(
  context: Context,
  code: string,
): Promise<{ device: DeviceId; given: Given }> {
  const request = await fetchRequest(context, code);
  const { member } = context.device.owner;
  if (request.person !== null)
    throw new ClientError("refused", {
      detail: "this code is of a new person, not of a further device",
    });
  const given = await giveOrder(context, "device.add", { member, device: request.device });
  await sendAnswer(context, code, { request, member, seeds: context.device.seeds.member });
  return { device: request.device.device, given };
}

/** A fresh member id. */
export function generateMemberId(): MemberId {
  return bytesToId<MemberId>(randomBytes(16));
}

/** Adds the person whose device shows `code` as a member with these roles, under an id that the caller may have kept before. */
export async function approvePerson(
  context: Context,
  code: string,
  roles: readonly Role[],
  member: MemberId = generateMemberId(),
): Promise<{ member: MemberId; device: DeviceId; given: Given }> {
  const request = await fetchRequest(context, code);
  if (request.person === null)
    throw new ClientError("refused", {
      detail: "this code is of a further device, not of a new person",
    });
  const given = await giveOrder(context, "member.add", {
    member,
    roles: [...roles],
    ...request.person,
    device: request.device,
  });
  await sendAnswer(context, code, { request, member, seeds: [] });
  return { member, device: request.device.device, given };
}

/**
 * Finishes a waiting device, also one that a kit or the trustees bring in: opens the answer, replays the practice chain from the genesis that the practice id commits
 * to, and checks that the chain names exactly the keys that were made here. Error: `not-ready` while nobody has answered,
 * or while the order that adds it waits for a second person; the answer, once here, is kept.
 */
export async function finishDevice(
  world: World,
  { password, endpoints }: { password: string; endpoints: Endpoints },
): Promise<Client> {
  const waiting = await Device.unlock(world, password);
  const work = await readRecoverWork(waiting);
  if (work !== null) return finishRecovery(world, waiting, { work, endpoints });
  const kept = await readWaiting(waiting);
  if (kept === null) return Client.of(world, waiting, endpoints);
  const { code, kit } = kept;
  await sendIntroduction(world, waiting, endpoints);
  const isAnswered = waiting.owner.practice !== ZERO_ID;
  const device = isAnswered ? waiting : await takeAnswer(world, waiting, { code, endpoints });
  const client = await Client.of(world, device, endpoints);
  await syncFirst(client.context);
  checkOwnKeys(client.context);
  if (kit === "") {
    await device.write([NO_MORE_WAITING]);
    return client;
  }
  await leaveKitBlob(client.context, kit);
  await device.write([keepKit(device, kit), NO_MORE_WAITING]);
  return client;
}

async function takeAnswer(
  world: World,
  waiting: Device,
  { code, endpoints }: { code: string; endpoints: Endpoints },
): Promise<Device> {
  const { blob } = await callUnsigned(world, endpoints, {
    service: "gate",
    route: GATE_ROUTES.rendezvousGet,
    body: { mailbox: deviceCodeMailbox(code), side: "answer" },
  });
  if (blob === null) throw new ClientError("not-ready");
  const given = openDeviceAnswer(code, waiting.memberKey(EPHEMERAL_VERSION), blob);
  const own = waiting.seeds.member.filter(({ version }) => version !== EPHEMERAL_VERSION);
  const seeds = { ...waiting.seeds, member: own.length > 0 ? own : given.seeds };
  return waiting.become(
    { practice: given.practice, member: given.member, device: waiting.owner.device },
    seeds,
  );
}

/** The services know a device from the order that adds it; until that is sequenced they refuse it as a stranger. */
async function syncFirst({ practice, services }: Context): Promise<void> {
  try {
    await practice.sync(services);
  } catch (error) {
    if (!practice.isKnown && isRefusal(error, "not-authorised"))
      throw new ClientError("not-ready", { cause: error });
    throw error;
  }
}
