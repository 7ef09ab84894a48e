import {
  encodeShape,
  GATE_ROUTES,
  hashLogDetail,
  policyAt,
  randomBytes,
  type Shaped,
} from "@sinetti/core";

import { AssertionFault, checkAssertion, type HeldAssertion } from "../assertion.ts";
import type { Gate } from "../gate.ts";
import { checkUnfrozen, countsFrom, isLive } from "../passkeyRules.ts";
import { memberOf } from "../practiceView.ts";
import { allow, Refusal } from "../problem.ts";
import { appendLog } from "../store/logStore.ts";
import { findPasskey, readPasskeys, touchPasskey } from "../store/passkeyStore.ts";
import {
  insertTopUp,
  putChallenge,
  readTopUpEnd,
  takeChallenge,
  type TopUpChallenge,
} from "../store/topUpStore.ts";
import { transact, type Unit } from "../transaction.ts";
import type { Exchange } from "./exchange.ts";

type Routes = typeof GATE_ROUTES;
type Body = Shaped<Routes["topUp"]["request"]>;
type MemberId = ReturnType<typeof memberOf>["member"];

const CHALLENGE_BYTES = 32;
const CHALLENGE_SECONDS = 300;
const DAY_SECONDS = 86_400;

/** Nobody who is frozen, nobody twice in a day, and nobody whose practice allows none. */
async function checkMayTopUp(gate: Gate, unit: Unit, member: MemberId): Promise<void> {
  const { tx, practice, view, log, time } = unit;
  gate.clock.check(practice, log.time);
  checkUnfrozen(view, member);
  allow(policyAt(view.state).topUp > 0, "not-authorised");
  allow((await readTopUpEnd(tx, practice, { member, time })) === null, "too-early");
}

/** A challenge for one top-up by this device; the one before is worth nothing. */
export async function askTopUp({
  gate,
  request,
  body: { reason },
}: Exchange<Shaped<Routes["topUpChallenge"]["request"]>>): Promise<
  Shaped<Routes["topUpChallenge"]["answer"]>
> {
  const { member, device } = memberOf(request.caller);
  return transact(gate, { request, lock: "log" }, async (unit) => {
    const { tx, practice, view, time } = unit;
    await checkMayTopUp(gate, unit, member);
    const own = await readPasskeys(tx, practice, member);
    const live = own.filter((passkey) => isLive(view, passkey));
    allow(live.length > 0, "not-found");
    const counting = live.filter((passkey) => countsFrom(passkey) <= time);
    allow(counting.length > 0, "too-early");
    const challenge = randomBytes(CHALLENGE_BYTES);
    const until = time + CHALLENGE_SECONDS;
    await putChallenge(tx, practice, { device, challenge, member, reason, until });
    return { challenge, credentials: counting.map(({ credential }) => credential) };
  });
}

/** The answer of a passkey that is this member's, live, and old enough. Errors: `passkey-refused`, `too-early`. */
async function checkAnswer(
  gate: Gate,
  { tx, practice, view, time }: Unit,
  { body, member, asked }: { body: Body; member: MemberId; asked: TopUpChallenge | undefined },
): Promise<HeldAssertion> {
  const isAsked = asked?.member === member && asked.reason === body.reason && asked.until > time;
  allow(asked !== undefined && isAsked, "passkey-refused");
  const { assertion } = body;
  const passkey = await findPasskey(tx, practice, assertion.credential);
  allow(passkey?.member === member && isLive(view, passkey), "passkey-refused");
  allow(countsFrom(passkey) <= time, "too-early");
  try {
    const { challenge } = asked;
    return checkAssertion(assertion, { challenge, origins: gate.origins, passkey });
  } catch (cause) {
    if (cause instanceof AssertionFault) throw new Refusal("passkey-refused", { cause });
    throw cause;
  }
}

/** Raises the member's budgets for a day by a user-verified assertion. */
export async function topUp({
  gate,
  request,
  body,
}: Exchange<Body>): Promise<Shaped<Routes["topUp"]["answer"]>> {
  const { member, device } = memberOf(request.caller);
  // By itself and first: a challenge is spent by its first answer, also by one that is refused.
  const asked = await transact(gate, { request, lock: "none" }, ({ tx, practice }) =>
    takeChallenge(tx, practice, device),
  );
  const added = await transact(gate, { request, lock: "log" }, async (unit) => {
    const { tx, practice, view, log, time } = unit;
    await checkMayTopUp(gate, unit, member);
    const held = await checkAnswer(gate, unit, { body, member, asked });
    const cases = policyAt(view.state).topUp;
    const { topUp: route } = GATE_ROUTES;
    const kind = "top-up" as const;
    const detail = hashLogDetail(route.request, body);
    const { reason: purpose, assertion } = body;
    const line = { kind, member, device, nonce: request.nonce, purpose, count: cases, detail };
    const { index } = await appendLog(tx, practice, { line, head: log, time });
    const until = time + DAY_SECONDS;
    const stored = { index, member, cases, until, request: encodeShape(route.request, body) };
    await insertTopUp(tx, practice, stored);
    await touchPasskey(tx, practice, { credential: assertion.credential, held });
    return { cases, until };
  });
  gate.metrics.raise("top-up");
  return added;
}
