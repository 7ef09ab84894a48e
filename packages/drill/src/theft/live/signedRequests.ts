import type { Client, World } from "@sinetti/client";
import {
  GATE_ROUTES,
  VAULT_ROUTES,
  decodeShape,
  encodeCbor,
  generateNonce,
  problemShape,
  requestHeaders,
  requestSignatureBase,
  serviceKeyId,
  type Route,
  type ServiceName,
} from "@sinetti/core";
import { signKeyFromSeed, signRequest } from "@sinetti/core/secret";

type Fetch = World["fetch"];

/** One request that was really made and answered. */
export interface MadeRequest {
  readonly service: ServiceName;
  readonly path: string;
  readonly body: Uint8Array;
}

const SERVICES = ["who", "what", "gate"] as const;
/** Routes of people whom no chain names yet: anybody may ask there. */
const OPEN_TO_ANYBODY: ReadonlySet<string> = new Set([
  GATE_ROUTES.practiceCreate.path,
  GATE_ROUTES.rendezvousPut.path,
  GATE_ROUTES.rendezvousGet.path,
  GATE_ROUTES.invitationGet.path,
  GATE_ROUTES.invitationAnswer.path,
]);

/** Keeps what a device asks of the services and is answered. */
export function keepRequests(
  fetch: Fetch,
  endpoints: Readonly<Record<ServiceName, string>>,
  into: MadeRequest[],
): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    const service = SERVICES.find((name) => url.startsWith(`${endpoints[name]}/`));
    if (service === undefined || !response.ok || !(init.body instanceof Uint8Array))
      return response;
    into.push({ service, path: url.slice(endpoints[service].length), body: init.body });
    return response;
  };
}

/** A request with nothing in it to every route that a member signs for. */
export function emptyRequests(): MadeRequest[] {
  const body = encodeCbor(new Map());
  return SERVICES.flatMap((service) => {
    const routes: readonly Route<never, unknown>[] = Object.values(
      service === "gate" ? GATE_ROUTES : VAULT_ROUTES,
    ) as unknown as readonly Route<never, unknown>[];
    return routes
      .filter(({ path }) => !OPEN_TO_ANYBODY.has(path))
      .map(({ path }) => ({ service, path, body }));
  });
}

/** Signs a request anew by a device's own key and sends it. Gives the problem's code; null: it was answered. */
export async function sendAgain(
  { context, practice: { services } }: Client,
  { fetch, endpoints }: { fetch: Fetch; endpoints: Readonly<Record<ServiceName, string>> },
  { service, path, body }: MadeRequest,
): Promise<string | null> {
  const { practice, device } = context.device.owner;
  const parameters = {
    path,
    service: serviceKeyId(services[service]),
    created: Math.floor(context.world.clock.now()),
    nonce: generateNonce(),
    keyId: { practice, author: { by: "device" as const, id: device } },
  };
  const key = signKeyFromSeed(Uint8Array.from(context.device.seeds.request));
  const signature = signRequest(key, requestSignatureBase(parameters, body));
  const response = await fetch(endpoints[service] + path, {
    method: "POST",
    headers: { "content-type": "application/cbor", ...requestHeaders(parameters, body, signature) },
    body: body as Uint8Array<ArrayBuffer>,
  });
  if (response.ok) {
    await response.body?.cancel();
    return null;
  }
  return decodeShape(problemShape, new Uint8Array(await response.arrayBuffer())).code;
}
