import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RIGHTS, initSuite } from "@sinetti/core";
import { generateEntryId } from "@sinetti/core/secret";
import {
  type Client,
  type ClientError,
  admitMembers,
  appendEntries,
  approvePerson,
  createDirectory,
  createFiles,
  createPractice,
  finishDevice,
  generateCaseId,
  grantFiles,
  listGranted,
  memberGrant,
  openFiles,
  readEntries,
  requestDevice,
  revokeGrant,
  type Fetch,
  type KnownFile,
  type World,
} from "@sinetti/client";
import { openProfile } from "../../src/profile/profile.ts";
import { startSystem, type RunningSystem } from "../../src/start/startSystem.ts";

const PASSWORD = "correct horse battery staple";
const folder = mkdtempSync(join(tmpdir(), "sinetti-killed-"));
type Service = "who" | "what" | "gate";
type Target = "service" | "cluster";

let system: RunningSystem;
let founder: Client;
let second: Client;
/** Called before each request of the founder. */
let beforeRequest: (service: Service) => Promise<void> = () => Promise.resolve();

function endpoints(): { who: string; what: string; gate: string } {
  return { who: system.vaultWho, what: system.vaultWhat, gate: system.gate };
}

function worldOf(name: string, fetchWith: Fetch = fetch): World {
  return { ...openProfile(join(folder, name), { mayMake: true }).world, fetch: fetchWith };
}

function serviceOf(url: string): Service {
  const { origin } = new URL(url);
  const found = Object.entries(endpoints()).find(([, endpoint]) => endpoint === origin);
  if (found === undefined) throw new TypeError("no such service");
  return found[0] as Service;
}

beforeAll(async () => {
  await initSuite((count) => crypto.getRandomValues(new Uint8Array(count)));
  system = await startSystem({
    dataDir: join(folder, "data"),
    port: 0,
    onLog: (source, line) => {
      if (process.env["KILLED_LOG"] !== undefined && /gate/.test(source))
        console.error(Date.now() % 1000000, source, line.slice(0, 400));
    },
  });
  const world = worldOf("founder", async (url, init) => {
    await beforeRequest(serviceOf(url));
    return fetch(url, { ...init, signal: AbortSignal.timeout(20_000) });
  });
  const made = await createPractice(world, {
    endpoints: endpoints(),
    installationCode: system.installationCode ?? "",
    password: PASSWORD,
    roles: ["therapist", "admin", "privacy"],
  });
  founder = made.client;
  await createDirectory(founder.context, {
    name: "Practice",
    founder: { id: founder.member, name: "Founder", roles: ["admin"] },
    site: "Main",
  });
  const theirs = worldOf("second");
  const { code } = await requestDevice(theirs, {
    endpoints: endpoints(),
    password: PASSWORD,
    isNewPerson: true,
  });
  const { member } = await approvePerson(founder.context, code, ["therapist"]);
  await admitMembers(founder.context, [{ id: member, name: "Second", roles: ["therapist"] }]);
  second = await finishDevice(theirs, { password: PASSWORD, endpoints: endpoints() });
}, 120_000);

afterAll(async () => {
  await system.stop();
  rmSync(folder, { recursive: true });
}, 60_000);

/** Waits until every service and its database answer again; nobody does anything for it. */
async function recovered(): Promise<void> {
  for (const url of Object.values(endpoints())) {
    for (let tries = 0; ; tries++) {
      const isUp = await fetch(`${url}/healthz`).then(
        (response) => response.ok,
        () => false,
      );
      if (isUp) break;
      if (tries > 400) throw new Error(`${url} did not come back`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function note(client: Client, file: KnownFile, byte: number): Promise<void> {
  await appendEntries(client.context, [
    {
      file,
      entries: [{ id: generateEntryId(), class: "entry", body: new Uint8Array(40).fill(byte) }],
    },
  ]);
}

async function fileWithNote(): Promise<KnownFile> {
  const [file] = await createFiles(founder.context, [
    { file: null, compartment: "care", case: generateCaseId(), site: null, grants: [] },
  ]);
  if (file === undefined) throw new TypeError("no file");
  await note(founder, file, 1);
  return file;
}

async function bytesOf(client: Client, file: KnownFile): Promise<(number | undefined)[] | string> {
  client.lock();
  await client.context.practice.sync(client.context.services);
  const [opened] = await openFiles(client.context, [file], { purpose: "session" });
  return opened?.file
    ? readEntries(client.context, opened.file).map(({ body }) => body[0])
    : (opened?.outcome ?? "nothing");
}

async function grantSecond(file: KnownFile): Promise<void> {
  await grantFiles(
    founder.context,
    [file],
    memberGrant(founder.context, { member: second.member, rights: RIGHTS.read, reason: "care" }),
  );
}

async function revokeSecond(file: KnownFile): Promise<void> {
  await revokeGrant(founder.context, file, { type: "member", id: second.member });
}

interface Flow {
  readonly prepare: () => Promise<KnownFile>;
  readonly run: (file: KnownFile) => Promise<void>;
  readonly check: (file: KnownFile) => Promise<void>;
}

const flows: Record<string, Flow> = {
  create: {
    prepare: fileWithNote,
    run: async () => void (await fileWithNote()),
    check: async (file) => {
      expect(await bytesOf(founder, file)).toEqual([1]);
      const granted = await listGranted(founder.context, "what");
      const opened = await openFiles(founder.context, granted, { purpose: "session" });
      expect(opened.filter(({ outcome }) => outcome !== "released")).toEqual([]);
    },
  },
  append: {
    prepare: fileWithNote,
    run: (file) => note(founder, file, 9),
    check: async (file) => expect(await bytesOf(founder, file)).toEqual([1, 9]),
  },
  grant: {
    prepare: fileWithNote,
    run: grantSecond,
    check: async (file) => {
      expect(await bytesOf(founder, file)).toEqual([1]);
      expect(await bytesOf(second, file)).toSatisfy(
        (seen: unknown) => seen === "not-granted" || JSON.stringify(seen) === "[1]",
      );
    },
  },
  revoke: {
    prepare: async () => {
      const file = await fileWithNote();
      await grantSecond(file);
      return file;
    },
    run: revokeSecond,
    check: async (file) => expect(await bytesOf(second, file)).toBe("not-granted"),
  },
  "rekey and append": {
    prepare: async () => {
      const file = await fileWithNote();
      await grantSecond(file);
      await revokeSecond(file);
      return file;
    },
    run: (file) => note(founder, file, 9),
    check: async (file) => {
      const seen = await bytesOf(founder, file);
      expect(seen).toSatisfy(
        (bytes: unknown) => JSON.stringify(bytes) === "[1,9]" || JSON.stringify(bytes) === "[1]",
      );
    },
  },
};

async function requestsOf(flow: Flow): Promise<number> {
  const file = await flow.prepare();
  let requests = 0;
  beforeRequest = () => Promise.resolve(void requests++);
  await flow.run(file);
  beforeRequest = () => Promise.resolve();
  return requests;
}

/** Kills what the n-th request is about to reach. */
function killBefore(n: number, target: Target): void {
  let requests = 0;
  beforeRequest = async (service) => {
    if (requests++ !== n) return;
    const pid = system.pids()[service][target];
    if (pid === undefined) throw new TypeError("not running");
    process.kill(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
}

describe.each(Object.entries(flows))(
  "%s, with kill -9 before each of its requests",
  (_name, flow) => {
    test.each<Target>(["service", "cluster"])(
      "of the %s that it goes to: all comes back by itself, the outbox finishes the work, nothing is lost",
      async (target) => {
        const requests = await requestsOf(flow);
        expect(requests).toBeGreaterThan(0);
        for (let n = 0; n < requests; n++) {
          const file = await flow.prepare();
          killBefore(n, target);
          const failure: unknown = await flow.run(file).then(
            () => null,
            (error: unknown) => error,
          );
          beforeRequest = () => Promise.resolve();
          const code = (failure as ClientError | null)?.code ?? "done";
          expect(["done", "unreachable"], `before request ${n}`).toContain(code);
          await recovered();
          expect((await founder.resume()).waiting, `before request ${n}`).toBe(0);
          await flow.check(file);
        }
      },
      120_000,
    );
  },
);
