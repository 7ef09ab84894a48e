import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  ClientError,
  addMeasure,
  addMemberHere,
  addNote,
  addPatient,
  finishDevice,
  found,
  listPatients,
  openCare,
  readMeasures,
  readNotes,
  type Client,
  type Endpoints,
} from "@sinetti/client";

import { finishAdmissions } from "../admission/finishAdmissions.ts";
import { readInstallationCode } from "../admission/installationCode.ts";
import { Output } from "../output.ts";
import { openProfile, type Profile } from "../profile/profile.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import type { RunningSystem } from "../start/startSystem.ts";
import { SESSIONS, STAFF, inventedAnswers, inventedPatients } from "./invented.ts";

/** Nothing real is behind it: everybody may know it. */
const PASSWORD = "invented-people";
const DAY_SECONDS = 86_400;

/** Fills a practice of invented people through the same client that everybody uses; what is there already stays. */
export async function fillDemo(system: RunningSystem): Promise<void> {
  const output = new Output({ isJson: false });
  const home = makePrivateFolder(join(system.data, "demo"), undefined);
  const done = join(home, "filled");
  if (!existsSync(done)) {
    output.log("[demo] filling a practice of invented people");
    await fill(system, home, output);
    writeSecretFile(done, new Date().toISOString());
  }
  sayHow(system, home, output);
}

async function fill(system: RunningSystem, home: string, output: Output): Promise<void> {
  const endpoints = { who: system.vaultWho, what: system.vaultWhat, gate: system.gate };
  const profiles = STAFF.map(({ folder }) => openProfile(join(home, folder), { mayMake: true }));
  try {
    const [founder, ...others] = profiles as [Profile, ...Profile[]];
    const admin = await openFounder(founder, endpoints, system.data);
    await finishAdmissions(admin, output);
    for (const [index, profile] of others.entries())
      await addColleague(admin, profile, { endpoints, person: STAFF[index + 1] ?? STAFF[0] });
    await addPatients(admin);
    admin.lock();
  } finally {
    for (const profile of profiles) profile.close();
  }
}

async function openFounder(
  { world }: Profile,
  endpoints: Endpoints,
  data: string,
): Promise<Client> {
  const [{ name, roles }] = STAFF;
  const founding = { name: "Mallila", member: name, roles, site: "Mallila" };
  const ask = { endpoints, password: PASSWORD, readCode: () => readInstallationCode(data) };
  try {
    return (await found(world, founding, ask)).client;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== "profile-exists") throw error;
    const client = await finishDevice(world, { password: PASSWORD, endpoints });
    await client.resume();
    return client;
  }
}

async function addColleague(
  admin: Client,
  { world }: Profile,
  { endpoints, person }: { endpoints: Endpoints; person: (typeof STAFF)[number] },
): Promise<void> {
  if ((await world.storage.list("")).length > 0) {
    (await finishDevice(world, { password: PASSWORD, endpoints })).lock();
    return;
  }
  await addMemberHere(admin, { world, endpoints, password: PASSWORD }, person);
}

async function addPatients(client: Client): Promise<void> {
  const known = new Map((await listPatients(client)).map(({ name, patient }) => [name, patient]));
  for (const [index, person] of inventedPatients().entries()) {
    const name = `${person.name.given[0]} ${person.name.family}`;
    const patient = known.get(name) ?? (await addPatient(client, person)).patient;
    await addSessions(client, patient, index);
  }
}

async function addSessions(client: Client, patient: string, index: number): Promise<void> {
  const care = await openCare(client, patient);
  const now = client.context.world.clock.now();
  for (const [session, sections] of SESSIONS.entries()) {
    if (readNotes(client, care).length > session) continue;
    const daysAgo = (SESSIONS.length - session) * 7 - (index % 5);
    await addNote(client, care, {
      template: "soap",
      session: {
        date: new Date((now - daysAgo * DAY_SECONDS) * 1000).toISOString().slice(0, 10),
        minutes: 45,
        attendance: "attended",
        modality: "in-person",
      },
      sections: Object.entries(sections).map(([id, text]) => ({ id, text })),
      objectives: [],
    });
  }
  const measured = new Set(readMeasures(client, care).map(({ record }) => record.measure));
  const { phq9, gad7 } = inventedAnswers(index);
  if (!measured.has("phq-9")) await addMeasure(client, care, { measure: "phq-9", answers: phq9 });
  if (!measured.has("gad-7")) await addMeasure(client, care, { measure: "gad-7", answers: gad7 });
}

function sayHow({ web }: RunningSystem, home: string, output: Output): void {
  const since = readFileSync(join(home, "filled"), "utf8").trim();
  output.log(`[demo] a practice of invented people, filled ${since}; password: ${PASSWORD}`);
  for (const { folder, name, roles } of STAFF)
    output.log(`[demo] ${name} (${roles.join(", ")}): --profile ${join(home, folder)}`);
  output.log(
    `[demo] try: SINETTI_PASSWORD=${PASSWORD} sinetti --server ${web} --profile ${join(home, STAFF[0].folder)} patient list`,
  );
}
