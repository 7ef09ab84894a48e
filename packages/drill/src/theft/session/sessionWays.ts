import { performance } from "node:perf_hooks";

import {
  approveOpenings,
  isRefusal,
  listGranted,
  openRoster,
  reconcile,
  type Client,
  type GrantedFile,
} from "@sinetti/client";
import { parseId, type FileId } from "@sinetti/core";

import type { OfficerView } from "./officerView.ts";
import { Robber, type Records, type Target } from "./robber.ts";
import { wayYields, type WayYields } from "./wayYields.ts";

/** What a thaw after a canary takes. */
export interface Thaw {
  /** What the gate says when the stopped member consents themselves. */
  readonly alone: string;
  /** Whether one other person's consent, which names the canary, lets openings go on. */
  readonly byAnother: boolean;
}

/** Who looks on while a session is robbed, and what lies in wait. */
export interface Watched {
  readonly view: OfficerView;
  /** The device itself, which may be in the thief's hands or have been copied. */
  readonly device: Client;
  readonly canary: FileId | null;
}

const DAY_SECONDS = 86_400;
const ENDS = new Set(["canary", "frozen"]);
/**
 * Refusals after which a thief gives up. What is refused is fetched from the vault all the same, and its own meter counts
 * that: once 2,000 files a day are spent, no side door could be tried any more.
 */
const REFUSED_MOST = 1000;

/** Patients; the canary, which the thief takes for one more, is none. */
function countHeld(granted: readonly GrantedFile[], canary: FileId | null): Records {
  const of = (name: string): number =>
    granted.filter(({ compartment, file }) => compartment === name && file !== canary).length;
  return { care: of("care"), identity: of("identity") };
}

async function listAll({ context }: Client): Promise<GrantedFile[]> {
  return [...(await listGranted(context, "who")), ...(await listGranted(context, "what"))];
}

/** Takes one after the other until a word ends it, or too many were refused; gives the last word, `everything` when nothing was left. */
export async function takeUntil(
  robber: Pick<Robber, "take">,
  targets: readonly Target[],
  ends: (code: string) => boolean,
): Promise<string> {
  let refused = 0;
  for (const target of targets) {
    const code = await robber.take(target, "preparation");
    if (code !== "released") refused++;
    if (ends(code) || refused === REFUSED_MOST) return code;
  }
  return "everything";
}

/** Opens every grant that the session shows, in the order in which it shows them, whatever a budget says, until it is stopped or gives up. */
export async function robGreedily(
  client: Client,
  { view, device, canary }: Watched,
): Promise<WayYields> {
  const granted = await listAll(client);
  const robber = new Robber(client);
  await view.begin();
  const began = performance.now();
  const ended = await takeUntil(robber, granted, (code) => ENDS.has(code));
  const endedBy = ENDS.has(ended) ? ended : (robber.first?.code ?? ended);
  return endWay(robber, { granted, endedBy, began, view, device, canary });
}

/** Opens who stands in the caseload, notes first, until the budget of each kind ends it. */
export async function robByRoster(
  client: Client,
  { view, device, canary }: Watched,
): Promise<WayYields> {
  const granted = await listAll(client);
  const robber = new Robber(client);
  await view.begin();
  const began = performance.now();
  const { values } = await openRoster(client.context, true);
  const lines = [...values.values()];
  const care = lines.flatMap(({ files }): Target[] =>
    files.care === undefined
      ? []
      : [{ file: parseId<FileId>(files.care), vault: "what", compartment: "care" }],
  );
  const identity = lines.map(({ patient }): Target => ({
    file: parseId<FileId>(patient),
    vault: "who",
    compartment: "identity",
  }));
  const isRefused = (code: string): boolean => code !== "released";
  const ended = [
    await takeUntil(robber, care, isRefused),
    await takeUntil(robber, identity, isRefused),
  ];
  const endedBy = ended.find((code) => code !== "everything") ?? "everything";
  return endWay(robber, { granted, endedBy, began, view, device, canary });
}

async function endWay(
  robber: Robber,
  {
    granted,
    endedBy,
    began,
    view,
    device,
    canary,
  }: Watched & { granted: readonly GrantedFile[]; endedBy: string; began: number },
): Promise<WayYields> {
  const seconds = (performance.now() - began) / 1000;
  const seen = await view.end(robber.client.context.device.owner.device);
  const isAlarmed = Object.keys(seen.alarms).length > 0;
  const { unknown } = await reconcile(device.context);
  return wayYields(robber, {
    held: countHeld(granted, canary),
    endedBy,
    seconds,
    alarm: isAlarmed
      ? { signal: Object.keys(seen.alarms).join(", "), records: robber.records }
      : null,
    seen,
    unknownToDevice: unknown.length,
  });
}

/** Tries to end the stop of a canary alone, then with one other person, and opens the caseload again, which no budget counts. */
export async function thaw(client: Client, officer: Client, canary: FileId): Promise<Thaw> {
  const approval = {
    subject: client.member,
    scope: "files" as const,
    files: [canary],
    count: 1,
    until: Math.floor(client.context.world.clock.now()) + DAY_SECONDS,
    reason: "audit" as const,
  };
  const alone = await approveOpenings(client.context, approval).then(
    () => "done",
    (error: unknown) => {
      if (isRefusal(error)) return error.problem;
      throw error;
    },
  );
  await approveOpenings(officer.context, approval);
  const caseload = (await listGranted(client.context, "who")).find(
    ({ compartment }) => compartment === "roster",
  );
  if (caseload === undefined) throw new TypeError("a therapist has a caseload");
  const outcome = await new Robber(client).take(caseload, "scheduling");
  return { alone, byAnother: outcome === "released" };
}
