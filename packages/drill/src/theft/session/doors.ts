import {
  ClientError,
  ExportError,
  ServiceRefusal,
  fetchFiles,
  openFiles,
  readEntries,
  requestRelease,
  type Client,
  type FileRef,
} from "@sinetti/client";
import { LIMITS, PURPOSES, type FileId, type Purpose } from "@sinetti/core";

import { Robber, type Target } from "./robber.ts";

/** What else was tried. */
export type DoorName =
  | "other-purposes"
  | "crisis"
  | "top-up"
  | "caseload-lines"
  | "schedule-entries"
  | "ledger-entries"
  | "directory-entries"
  | "others-care-gate"
  | "others-care-crisis"
  | "others-care-vault"
  | "others-process-gate"
  | "others-process-vault"
  | "others-rosters-gate"
  | "grant-itself"
  | "recovery-wraps"
  | "index-tokens-a-file"
  | "lookups"
  | "lookups-known"
  | "join-teams"
  | "approve-itself"
  | "export-practice"
  | "add-member"
  | "add-device"
  | "made-here-this-week";

/** What must give nothing, however often it is tried. */
const SHUT: ReadonlySet<DoorName> = new Set<DoorName>([
  "other-purposes",
  "top-up",
  "others-care-gate",
  "others-care-crisis",
  "others-care-vault",
  "others-process-gate",
  "others-process-vault",
  "others-rosters-gate",
  "grant-itself",
  "recovery-wraps",
  "join-teams",
  "approve-itself",
  "export-practice",
  "add-member",
]);

/** Doors that should be shut, and gave something. */
export function openDoors(doors: readonly Door[]): DoorName[] {
  return doors.filter(({ door, got }) => SHUT.has(door) && got > 0).map(({ door }) => door);
}

/** Something else that a session tried beside opening its own files one by one. */
export interface Door {
  readonly door: DoorName;
  readonly tried: number;
  readonly got: number;
  /** What the services or the client said to what was not got. */
  readonly said: readonly string[];
}

/** What a thing that was tried comes to: nothing, or the code of the refusal. */
export async function codeOf(run: () => Promise<unknown>): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (error instanceof ServiceRefusal) return error.problem;
    if (error instanceof ClientError) return error.detail ?? error.code;
    if (error instanceof ExportError) return error.code;
    throw error;
  }
}

const unique = (codes: Iterable<string | null>): string[] =>
  [...new Set(codes)].filter((code) => code !== null).toSorted();

/** Asks for one file under every purpose but a crisis. */
export async function underOtherPurposes(client: Client, target: Target): Promise<Door> {
  const said: string[] = [];
  const robber = new Robber(client);
  const others = PURPOSES.filter((purpose) => purpose !== "crisis");
  for (const purpose of others) said.push(await robber.take(target, purpose));
  return { door: "other-purposes", tried: others.length, ...outcomes(said) };
}

/** Asks for files one after the other under one purpose. */
export async function under(
  client: Client,
  targets: readonly Target[],
  { door, purpose }: { door: DoorName; purpose: Purpose },
): Promise<Door> {
  const robber = new Robber(client);
  const said: string[] = [];
  for (const target of targets) said.push(await robber.take(target, purpose));
  return { door, tried: targets.length, ...outcomes(said) };
}

function outcomes(said: readonly string[]): Pick<Door, "got" | "said"> {
  const refused = said.filter((code) => code !== "released");
  return { got: said.length - refused.length, said: unique(refused) };
}

/** Asks the gate for halves of files whose ids a dump has shown. */
export async function idsAtGate(
  client: Client,
  files: readonly FileId[],
  { door, purpose }: { door: DoorName; purpose: Purpose },
): Promise<Door> {
  const said: string[] = [];
  for (let start = 0; start < files.length; start += LIMITS.itemsPerBatch) {
    const items = files
      .slice(start, start + LIMITS.itemsPerBatch)
      .map((file) => ({ file, epoch: 1, record: null }));
    const answer = await requestRelease(client.context, items, purpose);
    said.push(...answer.items.map(({ outcome }) => outcome));
  }
  return { door, tried: files.length, ...outcomes(said) };
}

/** Asks a vault for chains, wraps and boxes of files whose ids a dump has shown. */
export async function idsAtVault(
  { context }: Client,
  refs: readonly FileRef[],
  door: DoorName,
): Promise<Door> {
  let got = 0;
  for (const ref of refs) got += (await fetchFiles(context, [ref], { isKept: false })).size;
  return { door, tried: refs.length, got, said: got < refs.length ? ["not-given"] : [] };
}

/** Counts wraps to the recovery secret among what a vault gives with the session's own files. */
export async function recoveryWraps({ context }: Client, refs: readonly FileRef[]): Promise<Door> {
  const fetched = await fetchFiles(context, refs, { boxes: false, isKept: false });
  const wraps = [...fetched.values()].flatMap((each) => each.wraps);
  const got = wraps.filter(({ subject }) => subject.type === "recovery").length;
  return { door: "recovery-wraps", tried: refs.length, got, said: [] };
}

/** Reads what no budget counts, and says how many entries that is. */
export async function uncounted(
  client: Client,
  targets: readonly Target[],
  { door, purpose }: { door: DoorName; purpose: Purpose },
): Promise<Door> {
  const opened = await openFiles(client.context, targets, { purpose });
  let got = 0;
  for (const { file } of opened) if (file !== null) got += readEntries(client.context, file).length;
  const said = unique(opened.map(({ outcome }) => (outcome === "released" ? null : outcome)));
  return { door, tried: targets.length, got, said };
}
