import { equalBytes, type GATE_ROUTES, type Shaped } from "@sinetti/core";

import type { Gate } from "../gate.ts";
import { allow } from "../problem.ts";
import { enterMailbox, findOffer, writeAnswer } from "../store/invitationStore.ts";
import type { Empty } from "./exchange.ts";

type Routes = typeof GATE_ROUTES;

interface Unsigned<Q> {
  readonly gate: Gate;
  readonly address: string;
  readonly body: Q;
}

/** What lies under a slip, for whoever holds it. */
export async function getInvitation({
  gate,
  address,
  body,
}: Unsigned<{ mailbox: Uint8Array }>): Promise<Shaped<Routes["invitationGet"]["answer"]>> {
  allow(gate.rendezvousByAddress.take(`slip ${address}`), "rate-limited");
  const found = await gate.sql.begin(async (tx) => {
    await enterMailbox(tx, body.mailbox);
    return findOffer(tx, body.mailbox, gate.clock.now());
  });
  return { offer: found?.offer ?? null, isAnswered: (found?.answer ?? null) !== null };
}

/** Answers a slip, once. Errors: `not-found`, `conflict` when somebody else has answered it. */
export async function answerInvitation({
  gate,
  address,
  body,
}: Unsigned<{ mailbox: Uint8Array; answer: Uint8Array }>): Promise<Empty> {
  allow(gate.rendezvousByAddress.take(`answer ${address}`), "rate-limited");
  const { mailbox, answer } = body;
  await gate.sql.begin(async (tx) => {
    await enterMailbox(tx, mailbox);
    const found = await findOffer(tx, mailbox, gate.clock.now());
    allow(found !== undefined, "not-found");
    if (found.answer === null) return writeAnswer(tx, mailbox, answer);
    allow(equalBytes(found.answer, answer), "conflict");
  });
  return {};
}
