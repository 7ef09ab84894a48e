import type { EntryId } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  foldCareState,
  holding,
  type CareState,
  type Discharge,
  type EntryBody,
  type Goal,
  type Version,
  type VersionedType,
} from "@sinetti/practice";
import { appendEntries } from "../appendEntries.ts";
import type { Client } from "../client.ts";
import { ClientError } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { authorTime, encodeBody } from "../records/body.ts";
import { readCareRecords } from "../records/notes.ts";
import { careEnd } from "../records/retention.ts";
import { withAssessed } from "./alerts.ts";
import { changeRosterLine } from "./leased.ts";
import { refill } from "./refill.ts";

type Unsigned<B> = B extends unknown ? Omit<B, "v" | "at"> : never;
/** A plan, diagnosis, risk plan, care relationship, document, letter, discharge or goal before it is written; `replaces` names the entry that it changes. */
export type CareWish = Unsigned<Version<VersionedType>["body"] | Goal>;

/** What holds in an open care file, and what held before. */
export function readCareState(client: Client, care: KnownFile): CareState {
  return foldCareState(
    readCareRecords(client, care).map(({ id, member, body }) => ({ entry: id, member, body })),
  );
}

/** Which entry something becomes. */
export interface EntryPlace {
  /** The id of the draft that it was: a vault takes no second entry of that id. Left out: a fresh one. */
  readonly entry?: EntryId;
}

/**
 * Adds something to a care file, or changes it by an entry that names the one before. Errors: `input-rejected` where `replaces` names
 * nothing of the kind, `record-invalid` of practice.
 */
export async function writeCare(
  client: Client,
  care: KnownFile,
  wish: CareWish,
  { entry = generateEntryId() }: EntryPlace = {},
): Promise<EntryId> {
  const body = { v: 1, at: authorTime(client.context), ...wish } as EntryBody<"care">;
  const bytes = encodeBody("care", body);
  await refill(client.context, care);
  checkReplaced(client, care, wish);
  await appendBodies(client, care, [{ id: entry, body: bytes }]);
  if (SHOWN.has(wish.type)) await showStanding(client, care);
  return entry;
}

/** Takes an entry back, with a reason: it stays readable and holds no more. Error: `unknown-record`. */
export async function takeBack(
  client: Client,
  care: KnownFile,
  { entry, reason }: { entry: string; reason: string },
): Promise<EntryId> {
  await refill(client.context, care);
  const isThere = readCareRecords(client, care).some(({ id }) => id === entry);
  if (!isThere) throw new ClientError("unknown-record");
  const at = authorTime(client.context);
  const body = encodeBody("care", { v: 1, type: "retraction", at, entry, reason });
  const id = generateEntryId();
  await appendBodies(client, care, [{ id, body }]);
  await showStanding(client, care);
  return id;
}

/** Ends a treatment: its summary and the end of the care relationships in one append, then the caseload. */
export async function discharge(
  client: Client,
  care: KnownFile,
  wish: Unsigned<Discharge>,
  { entry: id = generateEntryId() }: EntryPlace = {},
): Promise<EntryId> {
  const at = authorTime(client.context);
  await refill(client.context, care);
  const running = holding(readCareState(client, care).careRelationship).filter(isRunning);
  const ended = running.map(({ current: { entry, body } }) => ({
    id: generateEntryId(),
    body: encodeBody("care", { ...body, at, status: "ended", until: wish.on, replaces: entry }),
  }));
  await appendBodies(client, care, [
    { id, body: encodeBody("care", { v: 1, at, ...wish }) },
    ...ended,
  ]);
  await showStanding(client, care);
  return id;
}

function checkReplaced(client: Client, care: KnownFile, wish: CareWish): void {
  const named = "replaces" in wish ? wish.replaces : undefined;
  if (named === undefined || wish.type === "goal") return;
  const lines: readonly { current: { entry: string } }[] = readCareState(client, care)[wish.type];
  // Only the newest version is changed: who saw an older one looks again first.
  if (!lines.some(({ current }) => current.entry === named))
    throw new ClientError("input-rejected", {
      detail: "replaces: not the newest entry of its kind",
    });
}

async function appendBodies(
  { context }: Client,
  care: KnownFile,
  bodies: readonly { readonly id: EntryId; readonly body: Uint8Array }[],
): Promise<void> {
  const entries = bodies.map((each) => ({ ...each, class: "entry" as const }));
  await appendEntries(context, [{ file: care, entries }]);
}

/** What the caseload shows of a care file. */
const SHOWN = new Set<string>(["plan", "riskPlan", "careRelationship", "discharge"]);

/** The caseload shows when the patient is to be looked at again, which alerts were answered, and whether the treatment has ended. */
async function showStanding(client: Client, care: KnownFile): Promise<void> {
  await refill(client.context, care);
  const records = readCareRecords(client, care);
  const state = readCareState(client, care);
  const [reviewDue, ended, careEnded] = [reviewOf(state), endOf(state), careEnd(records)];
  await changeRosterLine(client, care.file, (held) => {
    const line = withAssessed(held, records);
    const { reviewDue: _review, ended: _ended, retention: before, ...rest } = line;
    const { careEnded: _end, ...facts } = before ?? {};
    const retention = { ...facts, ...(careEnded !== undefined && { careEnded }) };
    return {
      ...rest,
      ...(before !== undefined || careEnded !== undefined ? { retention } : {}),
      ...(reviewDue !== undefined && { reviewDue }),
      ...(ended !== undefined && { ended }),
    };
  });
}

/** The first day on which a plan or risk plan that holds is to be looked at again. */
function reviewOf({ plan, riskPlan }: CareState): string | undefined {
  const days = [
    ...holding(plan).flatMap(({ current: { body } }) =>
      body.status === "active" || body.status === "draft" ? (body.reviewOn ?? []) : [],
    ),
    ...holding(riskPlan).flatMap(({ current: { body } }) => body.reviewOn ?? []),
  ];
  return days.toSorted()[0];
}

/** The day of the last discharge that holds; undefined: there is none, or a care relationship runs again. */
function endOf({ careRelationship, discharge: ends }: CareState): string | undefined {
  if (holding(careRelationship).some(isRunning)) return undefined;
  return holding(ends)
    .map(({ current: { body } }) => body.on)
    .toSorted()
    .at(-1);
}

const isRunning = ({
  current: {
    body: { status },
  },
}: CareState["careRelationship"][number]): boolean =>
  status !== "ended" && status !== "entered-in-error";
