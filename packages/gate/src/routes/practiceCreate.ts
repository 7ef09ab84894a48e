import {
  decodeShape,
  equalBytes,
  GATE_ROUTES,
  practiceHead,
  practiceIdOf,
  readGenesis,
  readStatement,
  startPractice,
  weekOf,
} from "@sinetti/core";
import { signAcceptance } from "@sinetti/core/service";

import type { Gate } from "../gate.ts";
import { allow, toRefusal } from "../problem.ts";
import { checkSignature, readClaims, type IncomingRequest } from "../signedRequest.ts";
import { findLink, insertLink } from "../store/linkStore.ts";
import { enterPractice, insertPractice } from "../store/practiceStore.ts";
import type { Tx } from "../store/database.ts";

type Answer = { acceptance: Uint8Array };

/** Creates a practice. The one signed request whose key stands in its own body: the founder's, in the genesis; so the body is small. */
export async function createPractice(gate: Gate, incoming: IncomingRequest): Promise<Answer> {
  const claimed = readClaims(gate, incoming);
  const { address: name, time } = incoming;
  const { digest } = claimed;
  const body = await incoming.body.read({ budget: gate.unsignedBodies, name, digest });
  const { genesis: signed, code } = decodeShape(GATE_ROUTES.practiceCreate.request, body);
  const genesis = readGenesis(signed);
  const practice = practiceIdOf(signed);
  const { keyId } = claimed.parameters;
  const { device, requestKey } = genesis.founder.device;
  allow(keyId.practice === practice, "unknown-practice");
  allow(keyId.author.by === "device" && keyId.author.id === device, "not-authorised");
  checkSignature(gate, claimed, { key: requestKey, time });
  allow(equalBytes(genesis.services.gate, gate.publicKey), "wrong-service");
  const now = gate.clock.now();
  const state = startPractice(signed, { practice, week: weekOf(now) });
  const codeHash = gate.installationCode.match(code);

  const write = async (tx: Tx): Promise<{ answer: Answer; isNew: boolean }> => {
    const [, before] = await Promise.all([enterPractice(tx, practice), findLink(tx, practice, 0)]);
    if (before !== undefined) return { answer: { acceptance: before.acceptance }, isNew: false };
    allow(codeHash !== null, "installation-code");
    const { seq, hash } = practiceHead(state);
    const item = { chain: "practice" as const, id: practice, seq, hash, share: null };
    const acceptance = signAcceptance(
      { practice, week: state.week, items: [item] },
      gate.keys.service.secret,
    );
    const link = { statement: readStatement(signed).signed, acceptance, seq, hash };
    await Promise.all([
      insertPractice(tx, state, { genesisAt: now, code: codeHash }),
      insertLink(tx, practice, { ...link, acceptedAt: now }),
    ]);
    return { answer: { acceptance }, isNew: true };
  };
  try {
    const { answer, isNew } = await gate.sql.begin(write);
    if (isNew) gate.installationCode.replace();
    return answer;
  } catch (error) {
    // Spent before, and the process ended before it could replace it.
    const refusal = toRefusal(error);
    if (refusal.code === "installation-code" && codeHash !== null) gate.installationCode.replace();
    throw refusal;
  }
}
