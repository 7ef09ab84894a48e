import {
  ALL_RIGHTS,
  LIMITS,
  RIGHTS,
  ZERO_ID,
  bytesToId,
  endWeekOf,
  hashWraps,
  policyAt,
  practiceHead,
  randomBytes,
  readStatement,
  startAccess,
  vaultOf,
  weekOf,
  type AccessBody,
  type CaseId,
  type Compartment,
  type FileId,
  type Grant,
  type PracticeState,
  type SiteId,
  type Subject,
} from "@sinetti/core";
import {
  commitFileKey,
  createBatch,
  deriveFileKey,
  gateHalfBytes,
  generateHalves,
  sealBatchWrap,
  sealWrap,
  signAccessStatement,
} from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { newKnownFile, type KnownFile } from "./fileCache.ts";
import { recipientOf } from "./keyring.ts";
import { submitAccess } from "./submitAccess.ts";

/** A grant before its key version is looked up. */
export type GrantWish = Omit<Grant, "keyVersion">;

/** A file to create. */
export interface FileWish {
  /** Null: a random id. Imports name their own, so that a second import finds the first. */
  readonly file: FileId | null;
  readonly compartment: Compartment;
  readonly case: CaseId | null;
  readonly site: SiteId | null;
  /** Beside the creator's own and the recovery's. */
  readonly grants: readonly GrantWish[];
  /** False where the creator holds the file through a team, or (process notes) does not want recovery. */
  readonly own?: boolean;
  /** Weeks after which the creator's own grant ends, where it is not to last as long as the policy lets it. */
  readonly ownWeeks?: number;
  readonly recovery?: boolean;
}

/** From this many files on, each recipient gets one batch key instead of one encapsulation a file. */
const BATCH_FROM = 3;

/** A fresh case id. */
export function generateCaseId(): CaseId {
  return bytesToId<CaseId>(randomBytes(16));
}

/** The recovery subject. */
export const RECOVERY: Subject = { type: "recovery", id: ZERO_ID as FileId };

/** The grant of a member to a file of their own, for as long as the policy lets it last. */
export function ownGrant(context: Context, reason: Grant["reason"]): GrantWish {
  const { member } = context.device.owner;
  return memberGrant(context, { member, rights: ALL_RIGHTS, reason });
}

/** A grant to a member, for as long as the policy lets it last. */
export function memberGrant(
  context: Context,
  {
    member,
    rights,
    reason,
  }: { member: Context["device"]["owner"]["member"]; rights: number; reason: Grant["reason"] },
): GrantWish {
  const expires = weekOf(context.world.clock.now()) + policyAt(context.practice.state).grantWeeks;
  return { subject: { type: "member", id: member }, rights, term: "standing", expires, reason };
}

function shortened(grant: GrantWish, { world }: Context, { ownWeeks }: FileWish): GrantWish {
  if (ownWeeks === undefined) return grant;
  return { ...grant, expires: Math.min(grant.expires, endWeekOf(world.clock.now()) + ownWeeks) };
}

function withKeyVersion(practice: PracticeState, wish: GrantWish): Grant {
  return { ...wish, keyVersion: recipientOf(practice, wish.subject).keyVersion };
}

type Batches = Map<string, ReturnType<typeof createBatch>>;

/** Creates files of one vault in batches: one request each to vault, gate and vault again, one encapsulation a recipient. */
export async function createFiles(
  context: Context,
  wishes: readonly FileWish[],
): Promise<KnownFile[]> {
  const created: KnownFile[] = [];
  const batches: Batches = new Map();
  for (let start = 0; start < wishes.length; start += LIMITS.itemsPerBatch) {
    const built = wishes
      .slice(start, start + LIMITS.itemsPerBatch)
      .map((wish) => buildFile(context, wish, wishes.length >= BATCH_FROM ? batches : null));
    const vault = vaultOf((wishes[0] as FileWish).compartment);
    for (const { file } of built) context.files.put(file);
    await submitAccess(context, {
      vault,
      items: built.map(({ statement, share, wraps }) => ({ statement, share, wraps })),
      batchKeys: [...batches.values()].map(({ sealed }) => sealed),
    });
    created.push(...built.map(({ file }) => file));
  }
  return created;
}

function buildFile(
  context: Context,
  wish: FileWish,
  batches: Batches | null,
): {
  file: KnownFile;
  statement: Uint8Array;
  share: Uint8Array;
  wraps: ReturnType<typeof sealWrap>[];
} {
  const { practice, device } = context;
  const file = wish.file ?? bytesToId<FileId>(randomBytes(16));
  const keyContext = {
    practice: practice.state.practice,
    file,
    compartment: wish.compartment,
    epoch: 1,
  };
  const halves = generateHalves();
  const key = deriveFileKey(halves, keyContext);
  const wishes: GrantWish[] = [...wish.grants];
  if (wish.own ?? true) wishes.unshift(shortened(ownGrant(context, "care"), context, wish));
  if (wish.recovery ?? true)
    wishes.push({
      subject: RECOVERY,
      rights: RIGHTS.read,
      term: "standing",
      expires: 0,
      reason: "recovery",
    });
  const grants = wishes.map((grant) => withKeyVersion(practice.state, grant));
  const wraps = grants.map(({ subject }) => {
    const recipient = recipientOf(practice.state, subject);
    if (batches === null) return sealWrap(halves.member, recipient, keyContext);
    const name = `${subject.type}.${subject.id}`;
    const batch = batches.get(name) ?? createBatch(practice.state.practice, recipient);
    batches.set(name, batch);
    return sealBatchWrap(halves.member, batch, keyContext);
  });
  const body: AccessBody<"create"> = {
    seen: practiceHead(practice.state),
    compartment: wish.compartment,
    case: wish.case,
    site: wish.site,
    commit: commitFileKey(key),
    wraps: hashWraps(wraps),
    grants,
  };
  const statement = signAccessStatement(
    { practice: practice.state.practice, file, device: device.owner.device, head: null },
    { kind: "create", body },
    device.statement.secret,
  );
  const known = newKnownFile(
    startAccess(readStatement(statement), { practice: practice.state, week: null }),
    vaultOf(wish.compartment),
  );
  known.keys.set(1, key);
  context.files.lease(known);
  return { file: known, statement, share: gateHalfBytes(halves.gate), wraps };
}
