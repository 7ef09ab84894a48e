import {
  CHAIN_ROUTES,
  SERVICES,
  hashLostHeads,
  hashOrder,
  practiceHead,
  weekOf,
  type FileId,
  type LostHeads,
  type Place,
  type RestoreId,
  type ServiceName,
  type Signed,
} from "@sinetti/core";
import { signApproval, signOrder } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { deviceAuthor, signOwnOrder, type Given } from "./giveOrder.ts";
import { readAccess } from "./heldAccess.ts";
import { readPaperCode } from "./paperCode.ts";
import { readPendingOrders } from "./pending.ts";
import { give, readRestores, type Wanted } from "./presentResume.ts";
import { returnRecords } from "./returnRecords.ts";
import { trusteesConsent } from "./trustees.ts";

type Vault = "who" | "what";
const APPROVAL_WEEKS = 2;

async function readHeads(context: Context, service: ServiceName): Promise<Map<FileId, Place>> {
  const heads = new Map<FileId, Place>();
  for (let after: FileId | null = null, more = true; more;) {
    const { answer }: { answer: { files: { file: FileId; record: Place }[]; more: boolean } } =
      await context.services.call(service, CHAIN_ROUTES.recordHeads, { after });
    for (const { file, record } of answer.files) heads.set(file, record);
    after = answer.files.at(-1)?.file ?? null;
    more = answer.more && after !== null;
  }
  return heads;
}

/**
 * What readers have seen and a restored vault does not hold any more. A vault that was not restored and is behind is not
 * forgiven: that is a rollback; nor is a fork.
 */
async function findLost(context: Context, restored: readonly Vault[]): Promise<LostHeads> {
  if (restored.length === 0) return [];
  const [reported, who, what] = await Promise.all([
    readHeads(context, "gate"),
    readHeads(context, "who"),
    readHeads(context, "what"),
  ]);
  const held = { who, what };
  const lost: LostHeads = [];
  for (const [file, { seq }] of reported) {
    const vault = who.has(file)
      ? "who"
      : what.has(file)
        ? "what"
        : await vaultOfFile(context, file);
    const record = held[vault].get(file) ?? null;
    if (restored.includes(vault) && (record?.seq ?? -1) < seq) lost.push({ file, record });
  }
  return lost.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

async function vaultOfFile(context: Context, file: FileId): Promise<Vault> {
  return (await readAccess(context, file)).vault;
}

/** What became of a resumption. */
export interface Resumption {
  readonly restore: RestoreId;
  readonly services: readonly ServiceName[];
  readonly given: Given;
  /** Files whose newest entries nobody has handed in. */
  readonly lost: number;
  /** Appends that this device gave back first. */
  readonly returned: number;
}

/** An order for this very resumption that lies at the gate already. */
async function findLying(
  context: Context,
  { restore, lost }: Wanted,
): Promise<{ order: Signed; approvals: Signed[] } | undefined> {
  const named = lost.length === 0 ? null : hashLostHeads(lost);
  const lying = (await readPendingOrders(context)).filter(
    ({ order }) =>
      order.kind === "resume" && order.body.restore === restore && order.body.lost === named,
  );
  const best = lying.toSorted((a, b) => b.approvals.length - a.approvals.length)[0];
  return best && { order: best.signed, approvals: best.approvals };
}

function signWithCode(
  context: Context,
  { restore, lost }: Wanted,
  code: string,
): { order: Signed; approvals: Signed[] } {
  const key = readPaperCode(code);
  const { practice, device, world } = context;
  const { practice: id } = practice.state;
  const body = { restore, lost: lost.length === 0 ? null : hashLostHeads(lost) };
  const author = { by: "code" as const, id };
  const order = signOrder(
    { practice: id, author, seen: practiceHead(practice.state), kind: "resume", body },
    key.secret,
  );
  const until = weekOf(world.clock.now()) + APPROVAL_WEEKS;
  const consent = { practice: id, order: hashOrder(order), author: deviceAuthor(context), until };
  return { order, approvals: [signApproval(consent, device.statement.secret)] };
}

async function resumeOne(context: Context, wanted: Wanted, code: string | null): Promise<Given> {
  if (code !== null) return give(context, wanted, signWithCode(context, wanted, code));
  const lying = await findLying(context, wanted);
  if (lying !== undefined) return give(context, wanted, lying);
  const { restore, lost } = wanted;
  const named = lost.length === 0 ? null : hashLostHeads(lost);
  const order = signOwnOrder(context, "resume", { restore, lost: named });
  return give(context, wanted, { order, approvals: trusteesConsent(context, order) });
}

async function findWanted(context: Context): Promise<{ wanted: Wanted[]; returned: number }> {
  const restores = await readRestores(context);
  const vaults = (["who", "what"] as const).filter((vault) => restores.has(vault));
  let returned = 0;
  for (const vault of vaults) returned += (await returnRecords(context, vault)).appends;
  const lost = await findLost(context, vaults);
  const runs = [...new Set(restores.values())];
  // What is lost is given up once, with the last run that is resumed.
  const wanted = runs.map((restore, index) => ({
    restore,
    services: SERVICES.filter((service) => restores.get(service) === restore),
    lost: index === runs.length - 1 ? lost : [],
  }));
  return { wanted, returned };
}

/**
 * Ends the stillness of restored services: hands in what this device has, then gives the order, or brings the one that lies at
 * the gate with its approvals. `code`: the paper code gives it and this member approves. Error: `refused`.
 */
export async function resumeServices(
  context: Context,
  { code = null }: { code?: string | null } = {},
): Promise<Resumption[]> {
  await context.practice.sync(context.services);
  const { wanted, returned } = await findWanted(context);
  const done: Resumption[] = [];
  for (const each of wanted) {
    const { restore, services, lost } = each;
    const given = await resumeOne(context, each, code);
    done.push({ restore, services, given, lost: lost.length, returned });
  }
  return done;
}
