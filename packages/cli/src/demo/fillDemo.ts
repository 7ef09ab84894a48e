import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  ClientError,
  addMemberHere,
  finishDevice,
  found,
  type Client,
  type Endpoints,
} from "@sinetti/client";
import { INVENTED_PASSWORD, runCaseload } from "@sinetti/drill";

import { finishAdmissions } from "../admission/finishAdmissions.ts";
import { readInstallationCode } from "../admission/installationCode.ts";
import { Output } from "../output.ts";
import { openProfile } from "../profile/profile.ts";
import { makePrivateFolder } from "../start/privateFolder.ts";
import { writeSecretFile } from "../start/secretFile.ts";
import type { RunningSystem } from "../start/startSystem.ts";
import { answerDemo } from "./answerDemo.ts";
import { asMember, type Demo } from "./demoMember.ts";
import {
  bookWeeks,
  chooseKeeping,
  issueInvoices,
  nameUnit,
  shareWithSupervisor,
} from "./demoOffice.ts";
import { CASELOADS, COLLEAGUES, DEMO_STAFF, FOUNDER, demoWish, type DemoMember } from "./staff.ts";

/**
 * Fills a practice of invented people through the same client that everybody uses, and offers its staff to the web client; what
 * is there already stays, and a run that was cut goes on.
 */
export async function fillDemo(system: RunningSystem): Promise<void> {
  const output = new Output({ isJson: false });
  const home = makePrivateFolder(join(system.data, "demo"), undefined);
  const endpoints = { who: system.vaultWho, what: system.vaultWhat, gate: system.gate };
  const demo: Demo = { home, endpoints };
  const done = join(home, "filled");
  if (!existsSync(done)) {
    const from = performance.now();
    output.log("[demo] filling a practice of invented people");
    await output.progress((onProgress) => fill(demo, system.data, { output, onProgress }));
    writeSecretFile(done, new Date().toISOString());
    output.log(`[demo] filled in ${Math.round((performance.now() - from) / 1000)} s`);
  }
  system.answerDemo(answerDemo(demo));
  sayHow(system, home, output);
}

/** The day until which everything is invented: that of the first run, also in those that go on with it. */
function readUntil(home: string): string {
  const path = join(home, "until");
  if (!existsSync(path)) writeSecretFile(path, new Date().toISOString().slice(0, 10));
  return readFileSync(path, "utf8").trim();
}

async function fill(
  demo: Demo,
  data: string,
  { output, onProgress }: { output: Output; onProgress: (done: number, total: number) => void },
): Promise<void> {
  const members = await bringStaff(demo, data, output);
  const wish = demoWish(readUntil(demo.home));
  let done = 0;
  const onDone = (patients: number): void => onProgress((done += patients), wish.patients);
  onProgress(0, wish.patients);
  for (const caseload of CASELOADS)
    await runCaseload(
      { wish, caseload, endpoints: demo.endpoints },
      (name) => openProfile(join(demo.home, name), { mayMake: false }),
      { onDone, isStopped: () => false },
    );
  for (const { therapist } of CASELOADS) await asMember(demo, therapist.device, bookWeeks);
  const supervisor = members.get("mikael");
  if (supervisor !== undefined)
    await asMember(demo, "aino", (client) => shareWithSupervisor(client, supervisor));
  await asMember(demo, "sari", issueInvoices);
}

async function bringStaff(
  { home, endpoints }: Demo,
  data: string,
  output: Output,
): Promise<Map<string, Client["member"]>> {
  const profile = openProfile(join(home, FOUNDER.device), { mayMake: true });
  try {
    const { world } = profile;
    const admin = await openFounder(world, endpoints, data);
    await finishAdmissions(admin, output);
    const members = new Map<string, Client["member"]>();
    for (const person of COLLEAGUES)
      members.set(person.device, await addColleague(admin, { home, endpoints }, person));
    const therapists = CASELOADS.map(({ therapist }) => members.get(therapist.device));
    await nameUnit(
      admin,
      therapists.filter((member) => member !== undefined),
    );
    await chooseKeeping(admin);
    admin.lock();
    return members;
  } finally {
    profile.close();
  }
}

async function openFounder(
  world: ReturnType<typeof openProfile>["world"],
  endpoints: Endpoints,
  data: string,
): Promise<Client> {
  const { name, roles } = FOUNDER;
  const founding = { name: "Mallilan psykoterapia", member: name, roles, site: "Mallila" };
  const password = INVENTED_PASSWORD;
  const ask = { endpoints, password, readCode: () => readInstallationCode(data) };
  try {
    return (await found(world, founding, ask)).client;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code !== "profile-exists") throw error;
    const client = await finishDevice(world, { password, endpoints });
    await client.resume();
    return client;
  }
}

async function addColleague(
  admin: Client,
  { home, endpoints }: Demo,
  person: DemoMember,
): Promise<Client["member"]> {
  const profile = openProfile(join(home, person.device), { mayMake: true });
  const password = INVENTED_PASSWORD;
  try {
    const { world } = profile;
    if ((await world.storage.list("")).length > 0) {
      const client = await finishDevice(world, { password, endpoints });
      client.lock();
      return client.member;
    }
    return (await addMemberHere(admin, { world, endpoints, password }, person)).member;
  } finally {
    profile.close();
  }
}

function sayHow({ web }: RunningSystem, home: string, output: Output): void {
  const since = readFileSync(join(home, "filled"), "utf8").trim();
  output.log(
    `[demo] a practice of invented people, filled ${since}; password: ${INVENTED_PASSWORD}`,
  );
  for (const { device, name, roles } of DEMO_STAFF)
    output.log(`[demo] ${name} (${roles.join(", ")}): --profile ${join(home, device)}`);
  output.log(
    `[demo] try: SINETTI_PASSWORD=${INVENTED_PASSWORD} sinetti --server ${web} --profile ${join(home, "aino")} patient list`,
  );
}
