import { listGranted, openRoster, type Client, type Endpoints } from "@sinetti/client";
import { policyAt, type FileId } from "@sinetti/core";

import type { ServiceName } from "../dump.ts";
import type { Sql } from "postgres";
import {
  idsAtGate,
  idsAtVault,
  recoveryWraps,
  uncounted,
  under,
  underOtherPurposes,
  type Door,
} from "./doors.ts";
import { guessNames, indexTokens } from "./guesses.ts";
import {
  addDevice,
  addMember,
  approveItself,
  exportAll,
  grantItself,
  joinTeams,
  topUpByOwnPasskey,
} from "./powers.ts";
import type { Target } from "./robber.ts";
import type { StolenSessions } from "./stolenSessions.ts";
import { strangeFiles } from "./strangeFiles.ts";

/** Where the side doors of a session are tried. */
export interface DoorScene {
  readonly sessions: StolenSessions;
  readonly databases: Readonly<Record<ServiceName, Sql>>;
  readonly endpoints: Endpoints;
  /** Names that the thief has heard of. */
  readonly names: readonly string[];
  /** Names the devices that the thief brings. */
  readonly device: string;
}

/** Ids of others that are asked for. */
const MOST_IDS = 256;
/** Of these, what is asked of a vault and granted one by one. */
const FEW = 20;
const CRISES = 3;

/** Everything else that a therapist's session is good for, once its budget is spent. */
export async function tryTherapistDoors(client: Client, scene: DoorScene): Promise<Door[]> {
  const { values } = await openRoster(client.context, true);
  const care = [...values.values()].flatMap(({ files }): Target[] =>
    files.care === undefined
      ? []
      : [{ file: files.care as FileId, vault: "what", compartment: "care" }],
  );
  // Those that the caseload lists last are the ones that its budget no longer let out.
  const left = care.toReversed();
  const [next] = left;
  const who = await listGranted(client.context, "who");
  const own = who.find(({ compartment }) => compartment === "identity");
  const doors: Door[] = [];
  if (next !== undefined) doors.push(await underOtherPurposes(client, next));
  doors.push(
    await under(client, left.slice(0, CRISES), { door: "crisis", purpose: "crisis" }),
    await topUpByOwnPasskey(client),
    { door: "caseload-lines", tried: 1, got: values.size, said: [] },
    ...(await tryUncounted(client)),
    ...(await tryStrangers(client, scene.databases)),
    await recoveryWraps(client, care.slice(0, FEW)),
  );
  if (own !== undefined) doors.push(await indexTokens(client, own.file));
  return [...doors, ...(await tryPowers(client, scene))];
}

/** What no budget counts: the books of the practice that this session may open. */
export async function tryUncounted(client: Client): Promise<Door[]> {
  const who = await listGranted(client.context, "who");
  const doors: Door[] = [];
  for (const compartment of ["schedule", "ledger", "directory"] as const) {
    const targets = who.filter((file) => file.compartment === compartment);
    const ask = { door: `${compartment}-entries`, purpose: "scheduling" } as const;
    doors.push(await uncounted(client, targets, ask));
  }
  return doors;
}

/** Files of others, by ids from a dump: asked of the gate, of the vault, and granted to oneself. */
export async function tryStrangers(
  client: Client,
  { who, what }: DoorScene["databases"],
): Promise<Door[]> {
  const idsOf = (sql: Sql, compartment: Parameters<typeof strangeFiles>[2]["compartment"]) =>
    strangeFiles(sql, client.member, { compartment, most: MOST_IDS });
  const care = await idsOf(what, "care");
  const process = await idsOf(what, "process");
  const rosters = await idsOf(who, "roster");
  const refs = (files: readonly FileId[], vault: "who" | "what") =>
    files.slice(0, FEW).map((file) => ({ file, vault }));
  return [
    await idsAtGate(client, care, { door: "others-care-gate", purpose: "session" }),
    await idsAtGate(client, care, { door: "others-care-crisis", purpose: "crisis" }),
    await idsAtVault(client, refs(care, "what"), "others-care-vault"),
    await idsAtGate(client, process, { door: "others-process-gate", purpose: "session" }),
    await idsAtVault(client, refs(process, "what"), "others-process-vault"),
    await idsAtGate(client, rosters, { door: "others-rosters-gate", purpose: "scheduling" }),
    await grantItself(client, refs(care, "what")),
  ];
}

/** What a session does in its member's name, with consequences. */
export async function tryPowers(client: Client, scene: DoorScene): Promise<Door[]> {
  const { sessions, endpoints, names, device } = scene;
  const { asked, known } = await guessNames(client, names, policyAt(client.practice).lookupsPerDay);
  return [
    asked,
    known,
    await joinTeams(client),
    await approveItself(client),
    await exportAll(client),
    await addMember(client, sessions.world(`${device}-stranger`), endpoints),
    await addDevice(client, sessions.world(`${device}-thief`), endpoints),
  ];
}
