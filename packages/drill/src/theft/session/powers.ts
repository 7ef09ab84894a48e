import { generateKeyPairSync } from "node:crypto";

import {
  approveDevice,
  approveOpenings,
  approvePerson,
  exportPractice,
  giveOrder,
  grantFiles,
  memberGrant,
  openTeam,
  registerPasskeyAtGate,
  requestDevice,
  topUp,
  type Client,
  type Endpoints,
  type FileRef,
  type World,
} from "@sinetti/client";
import {
  RIGHTS,
  activeStaff,
  memberKey,
  randomBytes,
  sitsInTeam,
  type TeamId,
} from "@sinetti/core";
import { generateSeed, sealTeamSeed } from "@sinetti/core/secret";

import { INVENTED_PASSWORD } from "../../synthetic/admitStaff.ts";
import { codeOf, type Door } from "./doors.ts";

const DAY_SECONDS = 86_400;
/** Nobody has its secret half: nothing is written to it. */
const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

async function sync({ context }: Client): Promise<void> {
  await context.practice.sync(context.services);
}

function seats(client: Client): number {
  const { practice, member } = client;
  const teams = Object.keys(practice.teams) as TeamId[];
  return teams.filter((team) => sitsInTeam(practice, { team, member })).length;
}

function said(...codes: readonly (string | null)[]): string[] {
  return [...new Set(codes)].filter((code) => code !== null);
}

/** Gives itself a seat in a team whose seed it does not hold: a guessed one is sealed to it, since the gate looks at seats alone. */
async function takeSeat({ context, practice, member }: Client, team: TeamId): Promise<void> {
  const version = practice.teams[team]?.keys.at(-1)?.version ?? 1;
  const own = memberKey(practice, member);
  if (own === null) throw new TypeError("who has a session is a member");
  const place = { practice: practice.practice, team, version, member };
  const sealed = sealTeamSeed(generateSeed(), own.key, place);
  const seal = { member, keyVersion: own.version, sealed };
  await giveOrder(context, "team.add", { team, version, seal });
}

/** Tries to sit in teams: in each that there is, and in one of its own of each kind. */
export async function joinTeams(client: Client): Promise<Door> {
  const { context, member } = client;
  const before = seats(client);
  const codes: (string | null)[] = [];
  const others = (Object.keys(client.practice.teams) as TeamId[]).filter(
    (team) => !sitsInTeam(client.practice, { team, member }),
  );
  for (const team of others) codes.push(await codeOf(() => takeSeat(client, team)));
  for (const kind of ["office", "response", "cover"] as const)
    codes.push(await codeOf(() => openTeam(context, { kind, site: null, members: [member] })));
  await sync(client);
  return {
    door: "join-teams",
    tried: codes.length,
    got: seats(client) - before,
    said: said(...codes),
  };
}

/** Tries to grant itself files that it does not hold. */
export async function grantItself(client: Client, refs: readonly FileRef[]): Promise<Door> {
  const { context, member } = client;
  const wish = memberGrant(context, { member, rights: RIGHTS.read, reason: "care" });
  const codes: (string | null)[] = [];
  for (const ref of refs) codes.push(await codeOf(() => grantFiles(context, [ref], wish)));
  const got = codes.filter((code) => code === null).length;
  return { door: "grant-itself", tried: refs.length, got, said: said(...codes) };
}

/** Tries to consent to its own openings. */
export async function approveItself(client: Client): Promise<Door> {
  const { context, member } = client;
  const until = Math.floor(context.world.clock.now()) + DAY_SECONDS;
  const wish = { subject: member, scope: "all" as const, files: [], count: 1000, until };
  const code = await codeOf(() => approveOpenings(context, { ...wish, reason: "handover" }));
  return { door: "approve-itself", tried: 1, got: code === null ? 1 : 0, said: said(code) };
}

/** Tries to raise its own budget at once, by a passkey that it brings: a key in memory, which any program has. */
export async function topUpByOwnPasskey({ context }: Client): Promise<Door> {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = new Uint8Array(publicKey.export({ format: "der", type: "spki" }));
  const passkey = { credential: randomBytes(32), algorithm: "ES256" as const, key };
  let raised = 0;
  const code = await codeOf(async () => {
    await registerPasskeyAtGate(context, passkey);
    const assert = (): Promise<null> => {
      raised++;
      return Promise.resolve(null);
    };
    await topUp(context, { reason: "session", assert });
  });
  return { door: "top-up", tried: 1, got: raised, said: said(code) };
}

/** Tries to give the whole practice out. */
export async function exportAll(client: Client): Promise<Door> {
  let packages = 0;
  const code = await codeOf(() =>
    exportPractice(client, {
      to: { recipients: [RECIPIENT] },
      folder: {
        write: async (_name, fill) => {
          packages++;
          return { bytes: 0, sha256: "", value: await fill(() => Promise.resolve()) };
        },
        size: () => Promise.resolve(null),
        readText: () => Promise.resolve(null),
      },
      tools: {
        renderPdf: () => Promise.resolve(new Uint8Array(0)),
        startHash: () => {
          throw new TypeError("nothing is to be hashed before the gate was asked");
        },
        zone: "Europe/Helsinki",
        onProgress: () => undefined,
        isStopped: () => false,
      },
    }),
  );
  return { door: "export-practice", tried: 1, got: packages, said: said(code) };
}

/** Tries to bring in somebody new with every role. */
export async function addMember(client: Client, world: World, endpoints: Endpoints): Promise<Door> {
  const before = activeStaff(client.practice).length;
  const ask = { endpoints, password: INVENTED_PASSWORD, isNewPerson: true };
  const { code } = await requestDevice(world, ask);
  const answer = await codeOf(() =>
    approvePerson(client.context, code, ["therapist", "admin", "privacy"]),
  );
  await sync(client);
  const got = activeStaff(client.practice).length - before;
  return { door: "add-member", tried: 1, got, said: said(answer) };
}

/** Adds a device of the thief's own to the member whose session it is. */
export async function addDevice(client: Client, world: World, endpoints: Endpoints): Promise<Door> {
  const ask = { endpoints, password: INVENTED_PASSWORD, isNewPerson: false };
  const { code } = await requestDevice(world, ask);
  let isDone = false;
  const answer = await codeOf(async () => {
    isDone = (await approveDevice(client.context, code)).given.state === "done";
  });
  return { door: "add-device", tried: 1, got: isDone ? 1 : 0, said: said(answer) };
}
