import {
  equalBytes,
  GATE_ROUTES,
  hashLogDetail,
  PASSKEYS_PER_MEMBER,
  policyAt,
  type MemberId,
  type Passkey,
  type Shaped,
} from "@sinetti/core";

import { readPasskeyKey } from "../passkeyKey.ts";
import { checkUnfrozen, countsFrom, isLive } from "../passkeyRules.ts";
import { memberOf } from "../practiceView.ts";
import { allow } from "../problem.ts";
import { appendLog } from "../store/logStore.ts";
import {
  deletePasskey,
  findPasskey,
  insertPasskey,
  readPasskeys,
  type StoredPasskey,
} from "../store/passkeyStore.ts";
import { readTopUpEnd } from "../store/topUpStore.ts";
import { transact, type Unit } from "../transaction.ts";
import type { Empty, Exchange } from "./exchange.ts";

type Routes = typeof GATE_ROUTES;

/** The member's passkeys; those of ended devices are taken away. */
async function sweep({ tx, practice, view }: Unit, member: MemberId): Promise<StoredPasskey[]> {
  const kept: StoredPasskey[] = [];
  for (const passkey of await readPasskeys(tx, practice, member)) {
    if (isLive(view, passkey)) kept.push(passkey);
    else await deletePasskey(tx, practice, passkey);
  }
  return kept;
}

/** Registers a passkey of the member, who is told from when on it counts; again, it changes nothing. */
export async function putPasskey({
  gate,
  request,
  body,
}: Exchange<Passkey>): Promise<Shaped<Routes["passkeyPut"]["answer"]>> {
  const { member, device } = memberOf(request.caller);
  const { credential, algorithm, key } = body;
  allow(credential.length > 0 && readPasskeyKey(key, algorithm) !== null, "malformed");
  const { isNew, from } = await transact(gate, { request, lock: "log" }, async (unit) => {
    const { tx, practice, view, log, time } = unit;
    gate.clock.check(practice, log.time);
    checkUnfrozen(view, member);
    const own = await sweep(unit, member);
    const known = await findPasskey(tx, practice, credential);
    if (known !== undefined) {
      const isSame = known.algorithm === algorithm && equalBytes(known.key, key);
      allow(isSame && known.member === member, "conflict");
      return { isNew: false, from: countsFrom(known) };
    }
    allow(own.length < PASSKEYS_PER_MEMBER, "too-large");
    const detail = hashLogDetail(GATE_ROUTES.passkeyPut.request, body);
    const line = {
      kind: "passkey" as const,
      member,
      device,
      nonce: request.nonce,
      count: 1,
      detail,
    };
    await appendLog(tx, practice, { line, head: log, time });
    await insertPasskey(tx, practice, { member, device, passkey: body, time });
    return { isNew: true, from: countsFrom({ addedAt: time }) };
  });
  if (isNew) gate.metrics.raise("passkey");
  return { countsFrom: from };
}

/** The member's passkeys, and from when on the budget may be raised again. */
export async function listPasskeys({
  gate,
  request,
}: Exchange<object>): Promise<Shaped<Routes["passkeyList"]["answer"]>> {
  const { member } = memberOf(request.caller);
  return transact(gate, { request, lock: "none" }, async ({ tx, practice, view, time }) => {
    const stored = await readPasskeys(tx, practice, member);
    const passkeys = stored
      .filter((passkey) => isLive(view, passkey))
      .map(({ credential, device, addedAt }) => ({
        credential,
        device,
        addedAt,
        countsFrom: countsFrom({ addedAt }),
      }));
    const topUpFrom = await readTopUpEnd(tx, practice, { member, time });
    return { passkeys, cases: policyAt(view.state).topUp, topUpFrom };
  });
}

/** Takes a passkey of the member away. */
export async function removePasskey({
  gate,
  request,
  body,
}: Exchange<Shaped<Routes["passkeyRemove"]["request"]>>): Promise<Empty> {
  const { member, device } = memberOf(request.caller);
  const { credential } = body;
  await transact(gate, { request, lock: "log" }, async ({ tx, practice, log, time }) => {
    const known = await findPasskey(tx, practice, credential);
    allow(known?.member === member, "not-found");
    const detail = hashLogDetail(GATE_ROUTES.passkeyRemove.request, body);
    const line = { kind: "passkey" as const, member, device, nonce: request.nonce, detail };
    await appendLog(tx, practice, { line, head: log, time });
    await deletePasskey(tx, practice, { member, credential });
  });
  return {};
}
