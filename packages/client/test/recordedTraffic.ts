import { expect } from "vitest";
import {
  GATE_ROUTES,
  HINT_ROUTES,
  NO_HINT,
  RIGHTS,
  VAULT_ROUTES,
  encodeShape,
  generateNonce,
  requestHeaders,
  requestSignatureBase,
  serviceKeyId,
  type MemberId,
  type Route,
} from "@sinetti/core";
import { generateEntryId, signKeyFromSeed, signRequest } from "@sinetti/core/secret";
import {
  addNote,
  addPatient,
  appendEntries,
  approveOpenings,
  createFiles,
  generateCaseId,
  giveOrder,
  grantFiles,
  listenForHints,
  lookUpPatients,
  memberGrant,
  openCare,
  openFiles,
  putAttachment,
  readAttachment,
  readBudget,
  readDrafts,
  reconcile,
  revokeGrant,
  saveDraft,
  setCanary,
  type Client,
  type KnownFile,
} from "@sinetti/client";
import type { TestSystem } from "../../../tools/testSystem.ts";
import { TestEar } from "../../../tools/testEar.ts";
import { addMember, foundPractice, restart, type TestDeviceWorld } from "./testWorld.ts";
import { NOTE, PERSON } from "./samples.ts";

export type ServiceName = "who" | "what" | "gate";
/** A route whatever it carries. */
export type AnyRoute = Route<unknown, unknown>;

/** One request that was really made, with what was answered. */
export interface Recorded {
  readonly service: ServiceName;
  readonly route: AnyRoute;
  readonly body: Uint8Array;
  readonly answer: Uint8Array;
}

/** The routes of a service. */
export function routesOf(service: ServiceName): AnyRoute[] {
  const routes: readonly unknown[] = Object.values(service === "gate" ? GATE_ROUTES : VAULT_ROUTES);
  return routes as AnyRoute[];
}

/** Keeps every POST that leaves a device, with its answer. */
export function record(world: TestDeviceWorld, into: Recorded[]): void {
  const { fetch } = world;
  Object.assign(world, {
    fetch: async (url: string, init: RequestInit) => {
      const response = await fetch(url, init);
      const { hostname, pathname } = new URL(url);
      const service = hostname.split(".")[0] as ServiceName;
      const route = routesOf(service).find(({ path }) => path === pathname);
      if (route === undefined || init.method !== "POST" || !response.ok) return response;
      const answer = await readAnswer(route, response.clone());
      into.push({
        service,
        route,
        body: new Uint8Array(await new Response(init.body).arrayBuffer()),
        answer,
      });
      return response;
    },
  });
}

/** What was answered; of an answer that goes on, its first item, after which the caller hangs up. */
export async function readAnswer({ path }: AnyRoute, response: Response): Promise<Uint8Array> {
  if (path !== HINT_ROUTES.hints.path || !response.ok)
    return new Uint8Array(await response.arrayBuffer());
  const ear = new TestEar(response);
  const hint = await ear.next();
  // Of a copy this waits until the other half has hung up too.
  void ear.close();
  return encodeShape(HINT_ROUTES.hints.answer, hint ?? NO_HINT);
}

/** Sends bytes to a route, signed by a client's device as any request of theirs. */
export function sendAs(
  system: TestSystem,
  { context, practice: { services } }: Client,
  { service, route, body }: Pick<Recorded, "service" | "route" | "body">,
): Promise<Response> {
  const { practice, device } = context.device.owner;
  const parameters = {
    path: route.path,
    service: serviceKeyId(services[service]),
    created: Math.floor(system.clock.now()),
    nonce: generateNonce(),
    keyId: { practice, author: { by: "device" as const, id: device } },
  };
  const key = signKeyFromSeed(Uint8Array.from(context.device.seeds.request));
  const signature = signRequest(key, requestSignatureBase(parameters, body));
  return system.fetch(system.endpoints[service] + route.path, {
    method: "POST",
    headers: {
      "content-type": "application/cbor",
      ...requestHeaders(parameters, body, signature),
    },
    body: body as Uint8Array<ArrayBuffer>,
  });
}

/** A day of work that touches most routes: people, records, grants, drafts, documents, lookups, approvals, a freeze. */
export async function recordDay(
  system: TestSystem,
): Promise<{ founder: Client; world: TestDeviceWorld; recorded: Recorded[]; file: KnownFile }> {
  const recorded: Recorded[] = [];
  const { client, world } = await foundPractice(system, ["therapist", "admin", "privacy"]);
  record(world, recorded);
  const colleague = await addMember(system, client, ["therapist"]);
  const { patient } = await addPatient(client, PERSON);
  await addNote(client, await openCare(client, patient), NOTE);
  await lookUpPatients(client, { phone: "+358401234567" });
  const file = await workOnFile(client, colleague.member);
  await approveOpenings(client.context, {
    subject: colleague.member,
    scope: "care",
    files: [],
    count: 3,
    until: Math.floor(system.clock.now()) + 86_400,
    reason: "leave",
  });
  await readBudget(client.context);
  await giveOrder(client.context, "freeze", { member: colleague.member });
  await reconcile(client.context);
  await hearOnce(client);
  const founder = await restart(system, world);
  await founder.resume();
  await openFiles(founder.context, [file], { purpose: "session" });
  return { founder, world, recorded, file };
}

/** Listens until each service has said something. */
async function hearOnce({ context }: Client): Promise<void> {
  const stop = new AbortController();
  const heard = new Set<string>();
  const onHint = ({ service }: { service: string }): void => {
    if (heard.add(service).size === 3) stop.abort();
  };
  await listenForHints(context, onHint, { signal: stop.signal });
}

/** One care file, written to, with a draft and a document, granted and taken back, and flagged and not. */
async function workOnFile(client: Client, colleague: MemberId): Promise<KnownFile> {
  const { context } = client;
  const [file] = await createFiles(context, [
    { file: null, compartment: "care", case: generateCaseId(), site: null, grants: [] },
  ]);
  if (file === undefined) throw new TypeError("no file");
  const body = new Uint8Array(40).fill(7);
  const entries = [{ id: generateEntryId(), class: "entry" as const, body }];
  await appendEntries(context, [{ file, entries }]);
  await saveDraft(context, file, { draft: null, body });
  await readDrafts(context, file);
  const document = async function* () {
    yield new Uint8Array(300_000).fill(5);
  };
  const { link } = await putAttachment(context, file, document());
  for await (const part of readAttachment(context, file, link))
    expect(part.length).toBeGreaterThan(0);
  const grant = memberGrant(context, { member: colleague, rights: RIGHTS.read, reason: "care" });
  await grantFiles(context, [file], grant);
  await revokeGrant(context, file, { type: "member", id: colleague });
  await setCanary(context, file.file, true);
  await setCanary(context, file.file, false);
  return file;
}
