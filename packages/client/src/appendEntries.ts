import {
  VAULT_ROUTES,
  accessHead,
  advanceRecord,
  epochAt,
  isRekeyDue,
  practiceHead,
  readAppend,
  readStatement,
  type EntryHeader,
  type EntryId,
} from "@sinetti/core";
import { openEntry, sealEntry, signAppend } from "@sinetti/core/secret";
import type { Context } from "./context.ts";
import { ClientError, ServiceRefusal, isRefusal, isRefused, isRefusedForGood } from "./errors.ts";
import { fileChanges, readRecordLink, type KnownFile } from "./fileCache.ts";
import { withCatchUp } from "./handOver.ts";
import { fetchFiles } from "./fetchFiles.ts";
import { lapseBeforeWrite } from "./lapse.ts";
import { openFiles } from "./openFiles.ts";
import type { OutboxItemOf, Waiting } from "./outbox.ts";
import { rekeyFile } from "./rekeyFile.ts";
import type { Change } from "./world.ts";

/** One body to append. */
export interface EntryWish {
  readonly id: EntryId;
  readonly class: EntryHeader["class"];
  readonly body: Uint8Array;
  /** Exactly with class `attachment`: as `putAttachment` gave it. */
  readonly attachment?: NonNullable<EntryHeader["attachment"]>;
}
/** What one file gets in one statement. */
export interface AppendWish {
  readonly file: KnownFile;
  readonly entries: readonly EntryWish[];
  /** With `isExact`: place of the last append that was known when this was decided; -1: none. This session may have written since. */
  readonly after?: number;
}
type Prepared = OutboxItemOf<"append">["appends"][number];
interface SealedEntry {
  readonly header: EntryHeader;
  readonly box: Uint8Array;
}

const CONFLICT_TRIES = 8;

/** How to append. */
export interface AppendOptions {
  /**
   * True: whoever asks would make the same entries again after a crash, with the same ids. Then neither the work nor what came of it is
   * kept on this device.
   */
  readonly isRepeatable?: boolean;
  /**
   * True: only right after the heads that this device knows, all of them or none. Where somebody was first, nothing is written and
   * nothing waits: `refused` with `conflict`, and who asks decides anew.
   */
  readonly isExact?: boolean;
}

/**
 * Appends to files of one vault: sealed and kept here first, then one request; under a lease one round trip and one commit.
 * Where a new epoch is due the vault says so, and what is kept is sealed again: nothing that was written waits in memory alone.
 */
export async function appendEntries(
  context: Context,
  wishes: readonly AppendWish[],
  { isRepeatable = false, isExact = false }: AppendOptions = {},
): Promise<void> {
  const [first] = wishes;
  if (first === undefined) return;
  await inTurns(
    context,
    // In one order everywhere: two writes that share two files must not wait for each other.
    wishes.map(({ file }) => file).sort((a, b) => (a.file < b.file ? -1 : 1)),
    async () => {
      if (isExact && wishes.some(isPassed))
        throw new ServiceRefusal(first.file.vault, "conflict", null);
      for (const { file } of wishes) await lapseBeforeWrite(context, file);
      const appends = wishes.map(({ file, entries }) =>
        prepare(
          context,
          file,
          entries.map((entry) => seal(file, entry)),
        ),
      );
      const item = { kind: "append" as const, vault: first.file.vault, appends };
      await sendAppends(
        context,
        isRepeatable ? context.outbox.hold(item) : await context.outbox.add<"append">(item),
        { isExact },
      );
    },
  );
}

function isPassed({ file, after }: AppendWish): boolean {
  return after !== undefined && (file.record.head?.seq ?? -1) !== after;
}

async function inTurns(
  context: Context,
  files: readonly KnownFile[],
  run: () => Promise<void>,
): Promise<void> {
  const [first, ...rest] = files;
  if (first === undefined) return run();
  return context.files.inTurn(first.file, () => inTurns(context, rest, run));
}

function contextOf({ access }: KnownFile): {
  practice: KnownFile["access"]["practice"];
  file: KnownFile["file"];
  compartment: KnownFile["access"]["compartment"];
  epoch: number;
} {
  return {
    practice: access.practice,
    file: access.file,
    compartment: access.compartment,
    epoch: epochAt(access).epoch,
  };
}

function seal(file: KnownFile, entry: EntryWish): SealedEntry {
  const key = file.keys.get(epochAt(file.access).epoch);
  if (key === undefined) throw new ClientError("refused", { detail: "the record is not open" });
  return sealEntry(key, contextOf(file), entry);
}

function prepare(context: Context, file: KnownFile, sealed: readonly SealedEntry[]): Prepared {
  const { practice, device } = context;
  const statement = signAppend(
    {
      practice: file.access.practice,
      file: file.file,
      device: device.owner.device,
      head: file.record.head,
    },
    {
      seen: practiceHead(practice.state),
      access: accessHead(file.access),
      epoch: epochAt(file.access).epoch,
      entries: sealed.map(({ header }) => header),
    },
    device.statement.secret,
  );
  return { file: file.file, statement, boxes: sealed.map(({ box }) => box) };
}

/** Sends appends until the vault holds them; what a moved chain asks for is signed again, never sealed again in the same epoch. */
export async function sendAppends(
  context: Context,
  started: Waiting<"append">,
  { isExact = false }: Pick<AppendOptions, "isExact"> = {},
): Promise<void> {
  let waiting = started;
  try {
    for (let tries = 0; waiting.item.appends.length > 0; tries++) {
      const { vault, appends } = waiting.item;
      try {
        const body = { appends: appends.map(({ statement, boxes }) => ({ statement, boxes })) };
        await withCatchUp(context, vault, () =>
          context.services.call(vault, VAULT_ROUTES.recordAppend, body),
        );
        break;
      } catch (error) {
        const isMoved = isRefusal(
          error,
          "conflict",
          "duplicate-entry",
          "stale-epoch",
          "rekey-due",
          "stale-head",
          "broken-chain",
        );
        if (!isMoved || tries >= CONFLICT_TRIES) throw error;
        const index = error.index ?? 0;
        waiting = await repair(context, waiting, index);
        if (isExact && hasMoved(started, waiting))
          throw new ServiceRefusal(vault, "conflict", index);
      }
    }
    const isKept = context.outbox.isKept(waiting);
    const changes: Change[] = [];
    for (const each of waiting.item.appends)
      changes.push(...(await foldOwn(context, each, { isKept })));
    // If this is lost, the work still lies there whole: it is sent again, and the vault has it.
    await context.outbox.done(waiting, changes, { isSyncedLater: true });
  } catch (error) {
    if (isRefusedForGood(error)) await context.outbox.done(waiting);
    else context.outbox.release(waiting);
    throw error;
  }
}

/** Whether what is still to be written stands after other heads than at first. */
function hasMoved(started: Waiting<"append">, now: Waiting<"append">): boolean {
  const placeOf = ({ statement }: Prepared): string => {
    const { seq, prev } = readStatement(statement).statement;
    return `${seq} ${prev}`;
  };
  const placeByFile = new Map(started.item.appends.map((each) => [each.file, placeOf(each)]));
  return now.item.appends.some((each) => placeByFile.get(each.file) !== placeOf(each));
}

async function foldOwn(
  context: Context,
  { file, statement, boxes }: Prepared,
  { isKept }: { isKept: boolean },
): Promise<Change[]> {
  const known = await context.files.get({ file });
  const next = readRecordLink(statement, isKept ? boxes : []);
  if (known === null || next.link.statement.seq !== known.links.length) return [];
  known.record = advanceRecord(known.record, next.link, next.body);
  known.links.push(next);
  return isKept ? fileChanges(context.device, known, known.links.length - 1) : [];
}

/**
 * Brings one refused append up to date: fetches what came in between, leaves out entries that are there already (an
 * acknowledgement that was lost, a second import), opens a new epoch if one is due, and signs after the new head.
 */
async function repair(
  context: Context,
  waiting: Waiting<"append">,
  index: number,
): Promise<Waiting<"append">> {
  const { vault, appends } = waiting.item;
  const refused = appends[index];
  if (refused === undefined)
    throw new ClientError("verification-failed", {
      detail: `${vault}: refused an append that was not sent`,
    });
  const ref = { file: refused.file, vault };
  await context.practice.sync(context.services);
  const file = (await fetchFiles(context, [ref], { boxes: false })).get(ref.file)?.file;
  if (file === undefined) throw new ClientError("refused", { detail: `${vault}: not-granted` });
  const { entries, epoch } = readAppend(readStatement(refused.statement));
  // A snapshot stands for what was before it: after anything else it would undo it. The next writer makes one.
  if (entries.some((header) => header.class === "snapshot"))
    return context.outbox.update(waiting, {
      ...waiting.item,
      appends: appends.filter((_, at) => at !== index),
    });
  const present = new Set(file.links.flatMap(({ body }) => body.entries.map(({ id }) => id)));
  const missing = entries
    .map((header, at) => ({ header, box: refused.boxes[at] as Uint8Array }))
    .filter(({ header }) => !present.has(header.id));
  const next =
    missing.length === 0
      ? []
      : [prepare(context, file, await inNewestEpoch(context, file, { sealed: missing, epoch }))];
  return context.outbox.update(waiting, {
    ...waiting.item,
    appends: appends.flatMap((each, at) => (at === index ? next : [each])),
  });
}

async function inNewestEpoch(
  context: Context,
  file: KnownFile,
  { sealed, epoch }: { sealed: readonly SealedEntry[]; epoch: number },
): Promise<readonly SealedEntry[]> {
  const { member: writer } = context.device.owner;
  const isDue = (): boolean => isRekeyDue(file.access, context.practice.state, { writer });
  if (!isDue() && epochAt(file.access).epoch === epoch) return sealed;
  const old = contextOf(file);
  if (!file.keys.has(epochAt(file.access).epoch))
    await openFiles(context, [file], { purpose: "documentation", boxes: false });
  // Opening hands a vault that was behind the epoch that the gate has accepted already.
  if (isDue() && !(await rekeyOrMeet(context, file))) return sealed;
  const key = file.keys.get(epoch);
  if (key === undefined) throw new ClientError("refused", { detail: "the record is not open" });
  return sealed.map(({ header, box }) =>
    seal(file, {
      id: header.id,
      class: header.class,
      body: openEntry(key, { ...old, epoch }, { header, box }),
      ...(header.attachment === undefined ? {} : { attachment: header.attachment }),
    }),
  );
}

/** Whether this device has opened the new epoch; not when another was first, and then the vault asks for theirs. */
async function rekeyOrMeet(context: Context, file: KnownFile): Promise<boolean> {
  try {
    await rekeyFile(context, file);
    return true;
  } catch (error) {
    if (!isRefused(error) || isRefusal(error)) throw error;
    return false;
  }
}
