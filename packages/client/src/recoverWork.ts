import {
  CoreError,
  GATE_ROUTES,
  LIMITS,
  ROLES,
  VAULT_ROUTES,
  ZERO_ID,
  decodeShape,
  encodeShape,
  equalBytes,
  hashOrder,
  memberKey,
  practiceHead,
  readOrder,
  recoveryAt,
  shapes,
  type Author,
  type DeviceId,
  type Hash,
  type Shaped,
  type Signed,
} from "@sinetti/core";
import {
  deriveRecoveryKeys,
  kemKeyFromSeed,
  kitSignKey,
  openKitBlob,
  parseKit,
  recoverySecretFromBytes,
  signOrder,
  signOrderStatement,
  signRequest,
  type SignKey,
} from "@sinetti/core/secret";
import { Client } from "./client.ts";
import type { Context } from "./context.ts";
import type { Device } from "./device.ts";
import { ClientError, OrderWaits, isRefusal } from "./errors.ts";
import { keepKit, leaveKitBlob } from "./kit.ts";
import { finishMemberRekey, newMemberKey } from "./memberRekey.ts";
import { devicePublicKeys } from "./ownKeys.ts";
import { keepName } from "./recoverFiles.ts";
import { readServiceKeys, type Endpoints } from "./services.ts";
import type { Change, World } from "./world.ts";

const { code, list, maxBytes, nullable, record, text, variant } = shapes;
const RECOVERING = "recovering";
/** How often a statement is put after a chain that has moved on. */
const CONFLICT_TRIES = 5;

const order = nullable(maxBytes(LIMITS.statementBytes));
const workShape = variant("by", {
  /** A member's kit brings back a device; `kit` is the one that was used. */
  kit: record({ kit: text(64), order }),
  /** The trustees bring in a member; `kit` is the new member's own, `name` is for the directory. */
  recovery: record({
    kit: text(64),
    name: text(256),
    roles: list(code(ROLES), { min: 1, max: ROLES.length }),
    order,
  }),
});
/** A recovery that is on its way. */
export type RecoverWork = Shaped<typeof workShape>;

/** The work, to be kept in the write that makes the device. */
export function recoverCell(work: RecoverWork): { name: string; body: Uint8Array } {
  return { name: RECOVERING, body: encodeShape(workShape, work) };
}

function keepWork(device: Device, work: RecoverWork): Change {
  const { name, body } = recoverCell(work);
  return device.seal(name, body);
}

/** The recovery that this device waits for; null: none. */
export async function readRecoverWork(device: Device): Promise<RecoverWork | null> {
  const cell = await device.read(RECOVERING);
  return cell === null ? null : decodeShape(workShape, cell);
}

interface Signer {
  readonly author: Author;
  readonly key: SignKey;
}

function signerOf({ owner, seeds }: Device, work: RecoverWork): Signer {
  if (work.by === "kit")
    return { author: { by: "kit", id: owner.member }, key: kitSignKey(parseKit(work.kit)) };
  const { sign } = deriveRecoveryKeys(recoverySecretFromBytes(seeds.recovery));
  return { author: { by: "recovery", id: owner.practice }, key: sign };
}

/**
 * Does what can be done of a recovery now: reads the practice, lays the order down, and once its time is over or a second
 * person has approved, puts it into the chain and makes the device an ordinary one. Errors: OrderWaits, `input-rejected` for a
 * kit or shares that are not the newest, `refused` when the order was withdrawn.
 */
export async function finishRecovery(
  world: World,
  device: Device,
  { work, endpoints }: { work: RecoverWork; endpoints: Endpoints },
): Promise<Client> {
  const signer = signerOf(device, work);
  const { practice } = device.owner;
  const sign = (base: Uint8Array): Promise<Uint8Array> =>
    Promise.resolve(signRequest(signer.key, base));
  const { context } = await Client.join(world, device, {
    endpoints,
    serviceKeys: await readServiceKeys(world, endpoints),
    caller: { practice, author: signer.author, sign },
  });
  await readPractice(context, signer);
  if (work.by === "kit") await fetchKitSeeds(context, work.kit);
  const signed = work.order ?? (await signWork(context, work, signer));
  await sequenceOwn(context, signed, signer);
  const client = await Client.of(world, device, endpoints);
  await becomeOrdinary(client.context, work);
  return client;
}

/** The chain up to its head, in which the key must be the newest of its kind. */
async function readPractice(context: Context, { author, key }: Signer): Promise<void> {
  const { practice, services, device } = context;
  const isNewest = (): boolean => {
    const named =
      author.by === "kit"
        ? practice.state.members[device.owner.member]?.kit
        : recoveryAt(practice.state).sign;
    return named !== undefined && equalBytes(named, key.publicKey);
  };
  const detail = author.by === "kit" ? "recovery kit" : "recovery shares";
  try {
    await practice.sync(services);
  } catch (error) {
    if (isRefusal(error, "bad-signature", "not-authorised", "unknown-practice"))
      throw new ClientError("input-rejected", {
        detail: `${detail}: not of this practice, or replaced since`,
        cause: error,
      });
    throw error;
  }
  const isDone = practice.state.devices[device.owner.device] !== undefined;
  if (!isDone && !isNewest())
    throw new ClientError("input-rejected", { detail: `${detail}: replaced since` });
}

async function fetchKitSeeds(context: Context, kit: string): Promise<void> {
  const { device, services, practice } = context;
  if (device.seeds.member.length > 0) return;
  const { member } = device.owner;
  const { answer } = await services.call("who", VAULT_ROUTES.kitGet, { member });
  const { seeds } = openBlob(kit, answer.blob, device);
  const newest = seeds.find(
    ({ version }) => version === memberKey(practice.state, member)?.version,
  );
  const named = memberKey(practice.state, member)?.key;
  const isRight =
    newest !== undefined &&
    named !== undefined &&
    equalBytes(kemKeyFromSeed(Uint8Array.from(newest.seed)).publicKey, named);
  if (!isRight) throw new ClientError("verification-failed", { detail: "who: another kit's blob" });
  await device.changeSeeds({ member: seeds });
}

function openBlob(
  kit: string,
  blob: Uint8Array,
  { owner }: Device,
): ReturnType<typeof openKitBlob> {
  try {
    return openKitBlob(parseKit(kit), blob, owner);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    throw new ClientError("verification-failed", {
      detail: `who: kit blob: ${error.code}`,
      cause: error,
    });
  }
}

/** Signs the order and keeps it before anybody sees it. */
async function signWork(context: Context, work: RecoverWork, signer: Signer): Promise<Signed> {
  const { device, practice, world } = context;
  const { member } = device.owner;
  const head = {
    practice: practice.state.practice,
    author: signer.author,
    seen: practiceHead(practice.state),
  };
  const own = devicePublicKeys(world, device.owner.device, device.seeds);
  const signed =
    work.by === "kit"
      ? signOrder({ ...head, kind: "device.add", body: { member, device: own } }, signer.key.secret)
      : signOrder(
          {
            ...head,
            kind: "recover",
            body: {
              member,
              roles: work.roles,
              key: device.memberKey(1).publicKey,
              kit: kitSignKey(parseKit(work.kit)).publicKey,
              device: own,
            },
          },
          signer.key.secret,
        );
  await device.write([keepWork(device, { ...work, order: signed })]);
  return signed;
}

/** Lays the order down and puts it into the chain as soon as the gate lets it. Errors: OrderWaits, `refused`. */
async function sequenceOwn(context: Context, signed: Signed, { key }: Signer): Promise<void> {
  const { practice, services, device, world } = context;
  const { id } = readOrder(signed);
  for (let tries = 0; practice.state.orders[id] === undefined; tries++) {
    const { hash, approvals, dueAt } = await layDown(context, signed);
    if (approvals.length === 0 && (dueAt === null || dueAt > world.clock.now()))
      throw new OrderWaits(hash, { ...device.owner, dueAt });
    const content = { device: ZERO_ID as DeviceId, order: signed, approvals };
    const statement = signOrderStatement(practice.state, content, key.secret);
    try {
      const { answer } = await services.call("gate", GATE_ROUTES.practiceSubmit, {
        statements: [statement],
      });
      await practice.take([{ statement, acceptance: answer.acceptance }]);
    } catch (error) {
      if (isRefusal(error, "pending", "second-person-missing"))
        throw new OrderWaits(hash, { ...device.owner, dueAt });
      const isBehind = isRefusal(error, "conflict", "broken-chain", "order-reused");
      if (!isBehind || tries >= CONFLICT_TRIES) throw error;
      await practice.sync(services);
    }
  }
  for (const vault of ["who", "what"] as const) await practice.handTo(services, vault);
}

async function layDown(
  { practice, services }: Context,
  signed: Signed,
): Promise<{ hash: Hash; approvals: Uint8Array[]; dueAt: number | null }> {
  const laid = await services.call("gate", GATE_ROUTES.orderPropose, { order: signed });
  const hash = hashOrder(signed);
  const { dueAt } = laid.answer;
  const { answer } = await services.call("gate", GATE_ROUTES.orderPending, {});
  const found = answer.orders.find((each) => each.hash === hash);
  if (found !== undefined) return { hash, approvals: found.approvals, dueAt };
  await practice.sync(services);
  if (practice.state.orders[readOrder(signed).id] === undefined)
    throw new ClientError("refused", { detail: "withdrawn" });
  return { hash, approvals: [], dueAt };
}

/** What follows once the chain names the device: a kit that was used is replaced together with the key that it gave. */
async function becomeOrdinary(context: Context, work: RecoverWork): Promise<void> {
  const { device, practice } = context;
  const done: Change = { name: RECOVERING, value: null };
  if (work.by === "recovery") {
    await leaveKitBlob(context, work.kit);
    return device.write([keepKit(device, work.kit), keepName(device, work.name), done]);
  }
  const version = memberKey(practice.state, device.owner.member)?.version ?? 0;
  await device.write([newMemberKey(device, version + 1), done]);
  await finishMemberRekey(context);
}
