import {
  CHAIN_ROUTES,
  GATE_ROUTES,
  VAULT_ROUTES,
  decodeShape,
  encodeShape,
  randomBytes,
  type Route,
} from "@sinetti/core";
import type { Client, KnownFile } from "@sinetti/client";
import { SoftAuthenticator } from "../../../tools/softAuthenticator.ts";
import { TEST_ORIGIN, type TestSystem } from "../../../tools/testSystem.ts";
import {
  readAnswer,
  routesOf,
  sendAs,
  type Recorded,
  type ServiceName,
} from "./recordedTraffic.ts";

export const SERVICES = ["who", "what", "gate"] as const;
/** Who sends to them is in no chain yet; whoever knows a mailbox may use it. */
export const UNSIGNED: readonly string[] = [
  GATE_ROUTES.rendezvousPut,
  GATE_ROUTES.rendezvousGet,
  GATE_ROUTES.invitationGet,
  GATE_ROUTES.invitationAnswer,
].map(({ path }) => path);

/** One route of one service. */
export type Target = Pick<Recorded, "service" | "route">;

/** Every route that a service says it has; a route of a service that core does not know is a TypeError. */
export function targetsOf(system: TestSystem, service: ServiceName): Target[] {
  return system.routesOf(service).flatMap((line) => {
    const [method = "", path = ""] = line.split(" ");
    if (method !== "POST") return [];
    const route = routesOf(service).find((each) => each.path === path);
    if (route === undefined) throw new TypeError(`core knows no ${path}`);
    return [{ service, route }];
  });
}

/** What a day does not ask, as its practice would. */
function bodiesBeside(recorded: readonly Recorded[], file: KnownFile): Map<string, Uint8Array> {
  const bodies = new Map<string, Uint8Array>();
  const add = <Q>(route: Route<Q, unknown>, request: Q): void => {
    bodies.set(route.path, encodeShape(route.request, request));
  };
  const asked = <Q>(route: Route<Q, unknown>): Q => {
    const made = recorded.find((each) => each.route.path === route.path);
    if (made === undefined) throw new TypeError(`the day did not ask ${route.path}`);
    return decodeShape(route.request, made.body);
  };
  const { order } = asked(CHAIN_ROUTES.stop);
  const put = asked(VAULT_ROUTES.draftPut);
  const mailbox = randomBytes(16);
  const offer = { mailbox, offer: randomBytes(300), until: 2_000_000_000 };
  const id = file.file;
  add(CHAIN_ROUTES.practiceRead, { from: 0 });
  add(CHAIN_ROUTES.recordHeads, { after: null });
  add(CHAIN_ROUTES.resume, { order, approvals: [], lost: [] });
  add(CHAIN_ROUTES.status, {});
  add(CHAIN_ROUTES.postureRead, { findings: true });
  add(CHAIN_ROUTES.postureLook, {});
  add(VAULT_ROUTES.recordReturn, asked(VAULT_ROUTES.recordAppend));
  add(VAULT_ROUTES.fileList, { after: null });
  add(VAULT_ROUTES.draftDrop, { file: id, draft: put.draft });
  add(VAULT_ROUTES.lookupDrop, asked(VAULT_ROUTES.lookupPut));
  add(VAULT_ROUTES.kitPut, { blob: randomBytes(200) });
  add(GATE_ROUTES.invitationPut, { items: [offer] });
  add(GATE_ROUTES.invitationList, { after: null });
  add(GATE_ROUTES.invitationDrop, { mailboxes: [mailbox] });
  add(GATE_ROUTES.invitationGet, { mailbox });
  add(GATE_ROUTES.invitationAnswer, { mailbox, answer: randomBytes(300) });
  add(GATE_ROUTES.practiceCreate, { genesis: order, code: "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE" });
  add(GATE_ROUTES.orderPropose, { order });
  add(GATE_ROUTES.orderPending, {});
  add(GATE_ROUTES.orderApprove, { approval: order });
  add(GATE_ROUTES.orderCancel, { cancellation: order });
  add(GATE_ROUTES.accessRead, { file: id, from: 0 });
  add(GATE_ROUTES.reviewRead, {
    subject: null,
    files: [id],
    endsBy: null,
    unheld: false,
    after: null,
  });
  add(GATE_ROUTES.logChain, { from: 0, limit: 100 });
  add(GATE_ROUTES.clockConfirm, {});
  const soft = new SoftAuthenticator();
  const { credential } = soft.passkey;
  const assertion = soft.answer(randomBytes(32), { origin: TEST_ORIGIN });
  add(GATE_ROUTES.passkeyPut, soft.passkey);
  add(GATE_ROUTES.passkeyList, {});
  add(GATE_ROUTES.passkeyRemove, { credential });
  add(GATE_ROUTES.topUpChallenge, { reason: "session" });
  add(GATE_ROUTES.topUp, { reason: "session", assertion });
  return bodies;
}

/** Everything that a practice asked in its day, and once whatever it did not: at least one request for every route, with its answer. */
export async function askEverything(
  system: TestSystem,
  { founder, file, recorded }: { founder: Client; file: KnownFile; recorded: readonly Recorded[] },
): Promise<Recorded[]> {
  const beside = bodiesBeside(recorded, file);
  beside.set(
    VAULT_ROUTES.kitGet.path,
    encodeShape(VAULT_ROUTES.kitGet.request, { member: founder.member }),
  );
  const made: Recorded[] = [...recorded];
  for (const target of SERVICES.flatMap((service) => targetsOf(system, service))) {
    const { service, route } = target;
    if (recorded.some((each) => each.service === service && each.route === route)) continue;
    const body =
      beside.get(route.path) ?? recorded.find((each) => each.route.path === route.path)?.body;
    if (body === undefined) throw new TypeError(`nothing to ask ${service} ${route.path}`);
    system.clock.advance(1);
    const response = await sendAs(system, founder, { ...target, body });
    const answer = await readAnswer(route, response);
    made.push({ ...target, body, answer });
  }
  return made;
}
