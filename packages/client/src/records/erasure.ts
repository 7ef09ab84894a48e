import {
  RIGHTS,
  accessOf,
  phaseAt,
  type EraseReason,
  type FileId,
  type Hash,
  type MemberId,
} from "@sinetti/core";
import { displayName } from "@sinetti/practice";
import { eraseFile, proposeErase } from "../changeAccess.ts";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import { ClientError, isRefusal } from "../errors.ts";
import type { FileRef } from "../fileBook.ts";
import { readAccess, type HeldAccess } from "../heldAccess.ts";
import { holdsOn } from "../holds.ts";
import { openFiles } from "../openFiles.ts";
import { approveMany, readPendingOrders, refusePending, type LyingOrder } from "../pending.ts";
import { authorTime } from "./body.ts";
import {
  dropErasure,
  keepErasure,
  keptErasures,
  type Erasure,
  type ErasureFile,
} from "./erasureRecord.ts";
import { findCells, tidyErasure } from "./erasureTidy.ts";
import { findEveryFile } from "./everyFile.ts";
import { readIdentity } from "./identity.ts";

const CASE_DIGITS = 8;

/** A file whose erasure waits at the gate, as a second person sees it: no name. */
export interface WaitingErasure {
  readonly order: Hash;
  readonly file: FileId;
  readonly compartment: string;
  /** What names it in the request: the beginning of its case id. */
  readonly request: string;
  readonly reason: EraseReason;
  readonly by: MemberId | null;
  readonly approvals: number;
  /** Unix seconds from which it needs no second person; null: it waits for one. */
  readonly dueAt: number | null;
}

/** The part of a request that names a file: its case, which the patient's other files in the same vault share. */
function requestPart({ access }: HeldAccess): string {
  return (access.case ?? access.file).slice(0, CASE_DIGITS);
}

function mayErase(client: Client, { access }: HeldAccess): boolean {
  const { standing } = accessOf(access, client.practice, { member: client.member, week: null });
  return client.roles.includes("privacy") || (standing & RIGHTS.grant) !== 0;
}

function requestOf(files: readonly HeldAccess[]): string {
  return [...new Set(files.map(requestPart))].join("-");
}

async function countEntries(context: Context, held: HeldAccess): Promise<number> {
  return (await context.files.get(held))?.record.entries ?? 0;
}

/** What is written down before the first order is given: what clearing up needs when the records are gone. */
async function beginErasure(
  client: Client,
  { identity, files }: { identity: FileRef | null; files: readonly HeldAccess[] },
  reason: EraseReason,
): Promise<Erasure> {
  const { context } = client;
  const refs = identity === null ? [] : [identity];
  const [opened] = await openFiles(context, refs, { purpose: "review" });
  const known = opened?.file ?? null;
  const person = known === null ? null : readIdentity(context, known);
  const listed: ErasureFile[] = [];
  for (const held of files) {
    const { file, vault, access } = held;
    const entries = await countEntries(context, held);
    listed.push({ file, vault, compartment: access.compartment, entries, order: null });
  }
  const name = person?.person === undefined ? "" : displayName(person.person);
  const cells = known === null || person === null ? [] : await findCells(client, known, person);
  const patient = identity === null ? null : { identity: identity.file, name };
  return { request: requestOf(files), patient, reason, files: listed, cells, finished: null };
}

/** What an erasure that was proposed waits for. */
export interface ProposedErasure {
  readonly erasure: Erasure;
  /** Unix seconds from which it may be finished without a second person; null: one must approve. */
  readonly dueAt: number | null;
  /** Files of the patient that only others may have erased: a colleague's process notes. */
  readonly others: readonly FileId[];
}

/**
 * Lays down the orders to erase every file of a patient that this member may have erased. Cut anywhere, the same again goes on.
 * Errors: `unknown-record`, `refused` with `on-hold`.
 */
export async function proposeErasure(
  client: Client,
  patient: string,
  reason: EraseReason,
): Promise<ProposedErasure> {
  const { context } = client;
  const { identity, files: all } = await findEveryFile(client, patient);
  const files = all.filter((held) => mayErase(client, held));
  const others = all.filter((held) => !files.includes(held)).map(({ file }) => file);
  if (files.some(({ access }) => holdsOn(context, access).length > 0))
    throw new ClientError("refused", { detail: "on-hold" });
  if (files.length === 0) throw new ClientError("refused", { detail: "not-authorised" });
  const before = (await keptErasures(context)).find(({ request }) => request === requestOf(files));
  let erasure = before ?? (await beginErasure(client, { identity, files }, reason));
  await keepErasure(context, erasure);
  const waiting = await readPendingOrders(context);
  let dueAt: number | null = null;
  for (const { file } of erasure.files) {
    const lying = waiting.find((each) => isErasureOf(each, file));
    const given = lying ?? (await proposeErase(context, file, erasure.reason));
    const order = "hash" in given ? given.hash : given.state === "pending" ? given.order : null;
    dueAt = "dueAt" in given ? given.dueAt : null;
    erasure = {
      ...erasure,
      files: erasure.files.map((each) => (each.file === file ? { ...each, order } : each)),
    };
    await keepErasure(context, erasure);
  }
  return { erasure, dueAt, others };
}

function isErasureOf({ order }: LyingOrder, file: FileId): boolean {
  return order.kind === "erase" && order.body.file === file;
}

/** The erasures that wait at the gate, of files whose chain this member may read. */
export async function listErasures(client: Client): Promise<WaitingErasure[]> {
  const { context } = client;
  const waiting: WaitingErasure[] = [];
  for (const { hash, order, approvals, dueAt } of await readPendingOrders(context)) {
    if (order.kind !== "erase") continue;
    const held = await readIfAllowed(context, order.body.file);
    if (held === null) continue;
    const device = client.practice.devices[order.author.id];
    waiting.push({
      order: hash,
      file: held.file,
      compartment: held.access.compartment,
      request: requestPart(held),
      reason: order.body.reason,
      by: device?.member ?? null,
      approvals: approvals.length,
      dueAt,
    });
  }
  return waiting;
}

async function readIfAllowed(context: Context, file: FileId): Promise<HeldAccess | null> {
  try {
    return await readAccess(context, file);
  } catch (error) {
    if (error instanceof ClientError && error.code === "unknown-record") return null;
    throw error;
  }
}

async function findRequest(client: Client, request: string): Promise<WaitingErasure[]> {
  const parts = request.toLowerCase().split("-");
  const found = (await listErasures(client)).filter((each) => parts.includes(each.request));
  if (found.length === 0)
    throw new ClientError("unknown-record", { detail: "no such erasure waits" });
  return found;
}

/** Approves every file of a request as a second person, and erases them. */
export async function approveErasure(client: Client, request: string): Promise<FileId[]> {
  const found = await findRequest(client, request);
  await approveMany(
    client.context,
    found.map(({ order }) => order),
  );
  for (const { file, compartment } of found)
    if (compartment === "identity") await tidyErasure(client, { identity: file, cells: [] });
  return found.map(({ file }) => file);
}

/** Takes a request back, for whoever gave it, as long as nothing of it is erased. Error: `refused`. */
export async function cancelErasure(client: Client, request: string): Promise<FileId[]> {
  const found = await findRequest(client, request);
  for (const { order } of found) await refusePending(client.context, order);
  await dropErasure(client.context, request);
  return found.map(({ file }) => file);
}

/** Erases what may be erased now: with approvals that suffice, or in a practice of one after its day. Gives what still waits. */
async function eraseReady(client: Client, erasure: Erasure): Promise<FileId[]> {
  const { context } = client;
  const waiting = await readPendingOrders(context);
  const left: FileId[] = [];
  for (const { file } of erasure.files) {
    const { access } = await readAccess(context, file);
    if (phaseAt(access) === "erased") continue;
    const lying = waiting.find((each) => isErasureOf(each, file));
    if (lying === undefined || !(await tryErase(context, lying))) left.push(file);
  }
  return left;
}

async function tryErase(context: Context, { signed, approvals }: LyingOrder): Promise<boolean> {
  try {
    await eraseFile(context, { order: signed, approvals });
    return true;
  } catch (error) {
    if (isRefusal(error, "pending", "second-person-missing")) return false;
    throw error;
  }
}

/** What became of an erasure that this device proposed. */
export interface FinishedErasure {
  readonly erasure: Erasure;
  /** Files that still wait for a second person or their time. */
  readonly waiting: readonly FileId[];
}

/**
 * Goes on with the erasures that this device has proposed: erases what may be, then clears the caseload, the schedules and the
 * lookup, and strikes the name here. Again changes nothing.
 */
export async function finishErasures(
  client: Client,
  request: string | null = null,
): Promise<FinishedErasure[]> {
  const { context } = client;
  const kept = (await keptErasures(context)).filter(
    (each) => request === null || each.request === request.toLowerCase(),
  );
  if (kept.length === 0 && request !== null)
    throw new ClientError("unknown-record", { detail: "this device proposed no such erasure" });
  const finished: FinishedErasure[] = [];
  for (const erasure of kept) {
    if (erasure.finished !== null) {
      finished.push({ erasure, waiting: [] });
      continue;
    }
    const waiting = await eraseReady(client, erasure);
    if (waiting.length > 0) {
      finished.push({ erasure, waiting });
      continue;
    }
    const { patient, cells } = erasure;
    if (patient !== null) await tidyErasure(client, { identity: patient.identity, cells });
    const done = { ...erasure, patient: null, cells: [], finished: authorTime(context) };
    await keepErasure(context, done);
    finished.push({ erasure: done, waiting: [] });
  }
  return finished;
}
