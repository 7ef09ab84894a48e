/**
 * How long it takes to bring a whole practice in at one sitting, on a real system of its own:
 *
 *   node tools/measureSitting.ts [staff] [records]
 *
 * Staff come in by slips; records of three files each are created and then granted to their therapists. Beside it, the same
 * grants as plain rows in batches of 256, in the same clusters. Run by hand; no test waits for it.
 */
import { hash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

import {
  acceptInvitation,
  admitMembers,
  assignRecords,
  confirmInvitations,
  createDirectory,
  createFiles,
  createPractice,
  generateCaseId,
  inviteMembers,
  isRefusal,
  listInvitations,
  type Client,
  type Endpoints,
  type FileWish,
  type ImportedRecord,
  type Invitation,
  type World,
} from "@sinetti/client";
import { initSuite, operationCounts, type MemberId } from "@sinetti/core";
import postgres from "postgres";

import { openProfile } from "../packages/cli/src/profile/profile.ts";
import { clusterAccount } from "../packages/cli/src/start/clusterAccount.ts";
import { openServiceFolder } from "../packages/cli/src/start/dataFolder.ts";
import { withTemporarySystem } from "../packages/cli/src/start/temporarySystem.ts";

const PASSWORD = "a password of a measurement";
const BATCH = 256;
const [staff = 300, records = 4000] = process.argv.slice(2).map(Number);
let requests = 0;

/** Runs a piece of work and prints what it took. */
async function measure<T>(
  name: string,
  work: () => Promise<T>,
): Promise<{ seconds: number; value: T }> {
  const before = { ...operationCounts };
  requests = 0;
  const from = performance.now();
  const value = await work();
  const seconds = (performance.now() - from) / 1000;
  const { signatures, verifications, encapsulations, decapsulations } = operationCounts;
  console.log(
    `${name}: ${seconds.toFixed(1)} s, ${requests} requests; on this device ` +
      `${signatures - before.signatures} signatures, ${verifications - before.verifications} verifications, ` +
      `${encapsulations - before.encapsulations} encapsulations, ${decapsulations - before.decapsulations} decapsulations`,
  );
  return { seconds, value };
}

function counted(world: World): World {
  return {
    ...world,
    fetch: (url, init) => {
      requests++;
      return world.fetch(url, init);
    },
  };
}

/** The world of a newcomer, gone when the measurement ends. */
function newcomerWorld(world: World): World {
  const cells = new Map<string, Uint8Array>();
  return {
    ...world,
    deviceFactor: () => Promise.resolve(new Uint8Array(32)),
    storage: {
      get: (name) => Promise.resolve(cells.get(name) ?? null),
      list: (prefix) =>
        Promise.resolve([...cells.keys()].filter((name) => name.startsWith(prefix))),
      write: (changes) => {
        for (const { name, value } of changes)
          if (value === null) cells.delete(name);
          else cells.set(name, value);
        return Promise.resolve();
      },
    },
  };
}

/** Answers a slip, as slowly as the gate lets one address. */
async function answer(world: World, endpoints: Endpoints, { slip }: Invitation): Promise<void> {
  for (;;) {
    try {
      await acceptInvitation(newcomerWorld(world), { endpoints, slip, password: PASSWORD });
      return;
    } catch (error) {
      if (!isRefusal(error, "rate-limited")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

async function bringStaffIn(
  client: Client,
  world: World,
  endpoints: Endpoints,
): Promise<MemberId[]> {
  const { context } = client;
  const until = Math.floor(Date.now() / 1000) + 14 * 86_400;
  const invitees = Array.from({ length: staff }, (_, index) => ({
    name: `Member ${index}`,
    roles: ["therapist" as const],
    site: null,
  }));
  const { value: invitations } = await measure(`${staff} invitations`, () =>
    inviteMembers(context, invitees, { practiceName: "Large", until }),
  );
  await measure(`${staff} answers (on their own devices, one after the other here)`, async () => {
    for (const invitation of invitations) await answer(world, endpoints, invitation);
  });
  await measure("listing them with their words", () => listInvitations(context));
  const members = invitations.map(({ member }) => member);
  await measure(`${staff} confirmations`, () => confirmInvitations(context, members));
  await measure(`${staff} names and grants of the directory`, () =>
    admitMembers(
      context,
      invitations.map(({ member, name, roles }) => ({ id: member, name, roles })),
    ),
  );
  return members;
}

async function createRecords(client: Client): Promise<ImportedRecord[]> {
  const wish = (compartment: FileWish["compartment"]): FileWish => ({
    file: null,
    compartment,
    case: generateCaseId(),
    site: null,
    grants: [],
    ownWeeks: 2,
  });
  const made = async (compartment: FileWish["compartment"]) =>
    createFiles(
      client.context,
      Array.from({ length: records }, () => wish(compartment)),
    );
  const [identity, office, care] = [
    await made("identity"),
    await made("office"),
    await made("care"),
  ];
  return identity.map(({ file }, index) => ({
    patient: file,
    key: String(index),
    therapist: `Therapist ${index % staff}`,
    files: new Map([
      ["identity", file],
      ["office", office[index]?.file ?? file],
      ["care", care[index]?.file ?? file],
    ]),
  }));
}

/** The same number of statements as plain rows at the gate and at a vault, batch after batch. */
async function insertPlainly(data: string): Promise<number> {
  const started = performance.now();
  for (const service of ["gate", "what"] as const) {
    const folder = openServiceFolder(join(data, service), clusterAccount(), {
      onLog: () => undefined,
    });
    const password = readFileSync(join(folder.secrets, "superuser.password"), "utf8").trim();
    const sql = postgres({
      host: folder.socketDir,
      user: "postgres",
      password,
      database: "postgres",
      max: 1,
    });
    await sql`create table plain_grants (id bigserial primary key, file bytea not null, statement bytea not null)`;
    for (let done = 0; done < 3 * records; done += BATCH) {
      const rows = Array.from({ length: BATCH }, () => ({
        file: randomBytes(16),
        statement: randomBytes(450),
      }));
      await sql`insert into plain_grants ${sql(rows, "file", "statement")}`;
    }
    await sql.end();
  }
  return (performance.now() - started) / 1000;
}

await initSuite((count) => new Uint8Array(randomBytes(count)), {
  sha256: (bytes) => new Uint8Array(hash("sha256", bytes, "buffer")),
});
console.log(`${cpus().length} × ${cpus()[0]?.model ?? "?"}, Node ${process.version}`);
await withTemporarySystem("sitting", async (system) => {
  const endpoints = { who: system.vaultWho, what: system.vaultWhat, gate: system.gate };
  const profile = openProfile(join(system.data, "sitting-profile"), { mayMake: true });
  const world = counted(profile.world);
  const roles = ["therapist" as const, "admin" as const, "privacy" as const];
  const { client } = await createPractice(world, {
    endpoints,
    roles,
    password: PASSWORD,
    installationCode: system.installationCode ?? "",
  });
  const founder = { id: client.member, name: "Founder", roles };
  await createDirectory(client.context, { name: "Large", founder, site: "Main" });
  const members = await bringStaffIn(client, world, endpoints);
  const { value: made } = await measure(`${records} records of three files`, () =>
    createRecords(client),
  );
  const byTherapist = new Map(members.map((member, index) => [`therapist ${index}`, member]));
  const { seconds, value: report } = await measure(`${3 * records} grants`, () =>
    assignRecords(client, {
      map: { byTherapist, byPatient: new Map() },
      records: made,
      onProgress: () => undefined,
      isStopped: () => false,
    }),
  );
  console.log(`assigned ${report.assigned}, granted ${report.granted}, already ${report.already}`);
  const plain = await insertPlainly(system.data);
  console.log(
    `the same as plain rows: ${plain.toFixed(1)} s; ratio ${(seconds / plain).toFixed(1)}`,
  );
  client.lock();
  profile.close();
});
