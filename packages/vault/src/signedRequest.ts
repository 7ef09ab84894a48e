import {
  REQUEST_WINDOW_SECONDS,
  decodeShape,
  readRequestHeaders,
  verifyRequest,
  weekOf,
  type Author,
  type ClaimedRequest,
} from "@sinetti/core";

import type { Call, Handled } from "./call.ts";
import { findCaller } from "./policy/caller.ts";
import type { Held } from "./practiceStates.ts";
import { refuse } from "./problem.ts";
import type { RequestBody } from "./requestBody.ts";
import type { Vault } from "./vault.ts";

/**
 * What of a run is read on nobody's word but its own, when the key that signed the request may stand in it: a page of links with
 * room to spare.
 */
const STRANGE_RUN_BYTES = 4 * 1024 * 1024;

/** A request as it came in, its body not read. */
export interface Received {
  readonly header: (name: string) => string | undefined;
  readonly body: RequestBody;
  readonly address: string;
}

function readClaim(
  { keyId }: Vault,
  path: string,
  { header, now }: Pick<Received, "header"> & { now: number },
): ClaimedRequest {
  const names = ["content-digest", "sinetti-service", "signature-input", "signature"];
  if (names.some((name) => header(name) === undefined)) refuse("unsigned");
  const claimed = readRequestHeaders(path, header);
  const { service, created } = claimed.parameters;
  if (service !== keyId) refuse("wrong-service");
  if (Math.abs(now - created) > REQUEST_WINDOW_SECONDS) refuse("outside-window");
  return claimed;
}

/** What of a route says who may ask it, and how. */
type Checked<Q> = Omit<Handled<Q, unknown>, "handle">;

const knows = ({ state }: Held, { by, id }: Author): boolean =>
  by !== "device" || state.devices[id] !== undefined;

async function findHeld<Q>(
  vault: Vault,
  { route, findHeld: findAhead }: Checked<Q>,
  { claimed, received }: { claimed: ClaimedRequest; received: Received },
): Promise<{ held: Held; request: Q | null }> {
  const { practice, author } = claimed.parameters.keyId;
  const remembered = await vault.practices.find(practice);
  if (remembered !== null && knows(remembered, author)) return { held: remembered, request: null };
  const held = await vault.practices.renew(practice);
  if (held !== null && knows(held, author)) return { held, request: null };
  if (findAhead === undefined)
    return held === null ? refuse("unknown-practice") : { held, request: null };
  const body = await received.body.read({
    maxBytes: Math.min(route.maxBytes, STRANGE_RUN_BYTES),
    digest: claimed.digest,
    budget: vault.strangeBodies,
    name: received.address,
  });
  const request = decodeShape(route.request, body, route.maxBytes);
  return { held: await findAhead(vault, practice, request), request };
}

/**
 * Checks who sent a request and gives it its shape: cheap refusals first, one verification over the header fields, and nothing of
 * the body is read before it, but for a run that brings the very key which signed.
 */
export async function checkRequest<Q>(
  vault: Vault,
  handled: Checked<Q>,
  received: Received,
): Promise<{ call: Call; request: Q }> {
  const { route } = handled;
  const now = vault.clock.now();
  const claimed = readClaim(vault, route.path, { header: received.header, now });
  const { practice, author } = claimed.parameters.keyId;
  if (!handled.authors.includes(author.by)) refuse("not-authorised");
  const found = await findHeld(vault, handled, { claimed, received });
  const caller = findCaller(found.held, author);
  verifyRequest(claimed, { key: caller.key, service: vault.keyId, now });
  const name = `${practice}.${author.by}.${author.id}`;
  if (!vault.byDevice.take(name)) refuse("rate-limited");
  if (found.held.restore !== null && handled.whileRestored !== true) refuse("restored");
  const { maxBytes } = route;
  const { digest } = claimed;
  const read = async (): Promise<Q> =>
    decodeShape(
      route.request,
      await received.body.read({ maxBytes, digest, budget: vault.signedBodies, name }),
      maxBytes,
    );
  const request = found.request ?? (await read());
  // Only now: a body may have been long on its way.
  return { call: { vault, practice, caller, week: weekOf(vault.clock.now()) }, request };
}
