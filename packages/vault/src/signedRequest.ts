import {
  CoreError,
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
import { Refusal, refuse } from "./problem.ts";
import type { Vault } from "./vault.ts";

type Header = (name: string) => string | undefined;

function readClaim(path: string, header: Header): ClaimedRequest {
  const names = ["content-digest", "sinetti-service", "signature-input", "signature"];
  if (names.some((name) => header(name) === undefined)) refuse("unsigned");
  return readRequestHeaders(path, header);
}

function checkSignature(
  claimed: ClaimedRequest,
  checked: Parameters<typeof verifyRequest>[1],
): void {
  if (claimed.parameters.service !== checked.service) refuse("wrong-service");
  try {
    verifyRequest(claimed, checked);
  } catch (cause) {
    if (cause instanceof CoreError && cause.code === "stale-head")
      throw new Refusal("outside-window", { cause });
    throw cause;
  }
}

/** What of a route says who may ask it, and how. */
type Checked<Q> = Omit<Handled<Q, unknown>, "handle">;

const knows = ({ state }: Held, { by, id }: Author): boolean =>
  by !== "device" || state.devices[id] !== undefined;

async function findHeld<Q>(
  vault: Vault,
  handled: Checked<Q>,
  { claimed, body }: { claimed: ClaimedRequest; body: Uint8Array },
): Promise<{ held: Held; request: Q | null }> {
  const { practice, author } = claimed.parameters.keyId;
  const remembered = await vault.practices.find(practice);
  if (remembered !== null && knows(remembered, author)) return { held: remembered, request: null };
  const held = await vault.practices.renew(practice);
  if (held !== null && knows(held, author)) return { held, request: null };
  if (handled.findHeld === undefined)
    return held === null ? refuse("unknown-practice") : { held, request: null };
  const request = decodeShape(handled.route.request, body, handled.route.maxBytes);
  return { held: await handled.findHeld(vault, practice, request), request };
}

/**
 * Checks who sent a request and gives it its shape: cheap refusals first, one verification, and nothing of the body is
 * read before it, but for a run that brings the very key which signed.
 */
export async function checkRequest<Q>(
  vault: Vault,
  handled: Checked<Q>,
  { header, body }: { header: Header; body: Uint8Array },
): Promise<{ call: Call; request: Q }> {
  const claimed = readClaim(handled.route.path, header);
  const { practice, author } = claimed.parameters.keyId;
  if (!handled.authors.includes(author.by)) refuse("not-authorised");
  const now = vault.clock.now();
  const found = await findHeld(vault, handled, { claimed, body });
  const caller = findCaller(found.held, author);
  checkSignature(claimed, {
    key: caller.key,
    body,
    digest: header("content-digest"),
    service: vault.keyId,
    now,
  });
  if (!vault.byDevice.take(`${practice}.${author.by}.${author.id}`)) refuse("rate-limited");
  if (found.held.restore !== null && handled.whileRestored !== true) refuse("restored");
  const request = found.request ?? decodeShape(handled.route.request, body, handled.route.maxBytes);
  return { call: { vault, practice, caller, week: weekOf(now) }, request };
}
