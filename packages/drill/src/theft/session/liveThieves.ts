import { listGranted, openRoster, type Client, type Endpoints } from "@sinetti/client";
import type { FileId } from "@sinetti/core";
import { displayName } from "@sinetti/practice";
import type { Sql } from "postgres";

import { inventStaff, type Caseload, type PracticeWish } from "../../synthetic/caseload.ts";
import type { OpenDevice } from "../../synthetic/admitStaff.ts";
import { inventPatient } from "../../synthetic/patient.ts";
import type { ServiceName } from "../dump.ts";
import { recoveryWraps, under, type Door } from "./doors.ts";
import { indexTokens } from "./guesses.ts";
import { OfficerView, type Seen } from "./officerView.ts";
import { plantCanary } from "./plantCanaries.ts";
import type { Target } from "./robber.ts";
import { robByRoster, robGreedily, thaw, type Thaw } from "./sessionWays.ts";
import { tryPowers, tryStrangers, tryTherapistDoors, tryUncounted } from "./sideDoors.ts";
import { StolenSessions } from "./stolenSessions.ts";
import type { WayYields } from "./wayYields.ts";

/** What an unlocked session of a therapist gives. */
export interface TherapistYields {
  readonly canaries: number;
  /** Null: the practice has one therapist, and one session is not robbed twice. */
  readonly greedy: (WayYields & { readonly thaw: Thaw | null }) | null;
  readonly guided: WayYields;
  readonly doors: readonly Door[];
  /** What the others could see of the doors. */
  readonly doorsSeen: Seen;
}

/** What an unlocked session of the office gives. */
export interface OfficeYields {
  readonly way: WayYields;
  readonly doors: readonly Door[];
}

/** A practice whose sessions are stolen. */
export interface LiveScene {
  readonly wish: PracticeWish;
  readonly endpoints: Endpoints;
  readonly databases: Readonly<Record<ServiceName, Sql>>;
  readonly openDevice: OpenDevice;
  readonly onStep: (step: string) => void;
}

/** Names that a thief has heard of: of patients of this practice, from the last on. */
const HEARD = 250;
/** Records that the device which made them is asked for. */
const MOST_OWN = 60;
const MOST_WRAPS = 20;

function heardNames({ seed, patients, until, meanEntries }: PracticeWish): string[] {
  return Array.from({ length: HEARD }, (_, index) => {
    const number = patients - 1 - index;
    // Who is not a patient here is a guess that is wrong.
    const wish = { seed: number < 0 ? `${seed}/nobody` : seed, number: Math.abs(number) };
    return displayName(inventPatient({ ...wish, until, meanEntries, author: "" }).person);
  });
}

/** T5 and T6: somebody at an unlocked session, on running services. */
export async function robLiveSessions(
  scene: LiveScene,
): Promise<{ therapist: TherapistYields; office: OfficeYields }> {
  const { wish, endpoints, openDevice, onStep } = scene;
  const { founder, office, caseloads } = inventStaff(wish);
  const sessions = new StolenSessions(openDevice, endpoints);
  try {
    const officer = await sessions.unlock(founder.device);
    const colleague = await sessions.unlock(office.device);
    const view = new OfficerView(officer, colleague, endpoints);
    const parts = { scene, sessions, officer, view };
    onStep("at a therapist's unlocked session");
    const therapist = await robTherapists(parts, caseloads);
    onStep("at the office's unlocked session");
    const [first] = caseloads;
    const of = { office: office.device, colleague: first?.therapist.device ?? founder.device };
    return { therapist, office: await robOffice(parts, of) };
  } finally {
    sessions.close();
  }
}

interface Parts {
  readonly scene: LiveScene;
  readonly sessions: StolenSessions;
  readonly officer: Client;
  readonly view: OfficerView;
}

/** Each therapist's session is on a further device: the one that made the records opens them for a week uncounted. */
async function robTherapists(
  parts: Parts,
  caseloads: readonly Caseload[],
): Promise<TherapistYields> {
  const { scene, sessions, view } = parts;
  const [guidedOf, greedyOf] = caseloads;
  if (guidedOf === undefined) throw new RangeError("a practice without patients has no session");
  const greedy = greedyOf === undefined ? null : await robBySurprise(parts, greedyOf);
  const { device } = guidedOf.therapist;
  const { own, second, canary } = await enter(parts, guidedOf, 0);
  const stolen = await sessions.copy(`${device}-second`, `${device}-copy`);
  const guided = await robByRoster(stolen, { view, device: second, canary });
  const { databases, endpoints, wish } = scene;
  const names = heardNames(wish);
  await view.begin();
  const doors = await tryTherapistDoors(stolen, { sessions, databases, endpoints, names, device });
  const doorsSeen = await view.end(stolen.context.device.owner.device);
  return {
    canaries: greedy === null ? 1 : 2,
    greedy,
    guided,
    doors: [...doors, await openFirstWeek(own)],
    doorsSeen,
  };
}

/** A canary is laid out, the therapist has two devices, and the second is left unlocked. */
async function enter(
  { scene, sessions, officer }: Parts,
  { therapist }: Caseload,
  index: number,
): Promise<{ own: Client; second: Client; canary: FileId }> {
  const own = await sessions.unlock(therapist.device);
  const canary = await plantCanary(own, officer, { wish: scene.wish, index });
  const second = await sessions.addDevice(own, `${therapist.device}-second`);
  return { own, second, canary };
}

async function robBySurprise(
  parts: Parts,
  caseload: Caseload,
): Promise<NonNullable<TherapistYields["greedy"]>> {
  const { second, canary } = await enter(parts, caseload, 1);
  const way = await robGreedily(second, { view: parts.view, device: second, canary });
  const isStopped = way.endedBy === "canary";
  return { ...way, thaw: isStopped ? await thaw(second, parts.officer, canary) : null };
}

/** The device that made the records, in its first week, after the member's budget is spent. */
async function openFirstWeek(own: Client): Promise<Door> {
  own.lock();
  const { values } = await openRoster(own.context, true);
  const care = [...values.values()].flatMap(({ files }): Target[] =>
    files.care === undefined
      ? []
      : [{ file: files.care as FileId, vault: "what", compartment: "care" }],
  );
  return under(own, care.slice(-MOST_OWN), {
    door: "made-here-this-week",
    purpose: "preparation",
  });
}

async function robOffice(
  { scene, sessions, officer }: Parts,
  { office, colleague }: { office: string; colleague: string },
): Promise<OfficeYields> {
  const { wish, databases, endpoints } = scene;
  const client = await sessions.unlock(office);
  const view = new OfficerView(officer, await sessions.unlock(colleague), endpoints);
  const way = await robGreedily(client, { view, device: client, canary: null });
  const identity = (await listGranted(client.context, "who")).filter(
    ({ compartment }) => compartment === "identity",
  );
  const own = identity.at(-1);
  const names = heardNames(wish);
  const doors = [
    ...(await tryUncounted(client)),
    ...(await tryStrangers(client, databases)),
    await recoveryWraps(client, identity.slice(0, MOST_WRAPS)),
    ...(own === undefined ? [] : [await indexTokens(client, own.file)]),
    ...(await tryPowers(client, { sessions, databases, endpoints, names, device: office })),
  ];
  return { way, doors };
}
