import { readFileSync } from "node:fs";
import * as core from "@sinetti/core";
import { bytesToHex, bytesToId, hexToBytes, randomBytes } from "@sinetti/core";
import * as secret from "@sinetti/core/secret";
import { TestPractice } from "../../../../tools/testPractice.ts";
import { foldBase, readVector, type Base } from "../golden/readVector.ts";
import type { Vector } from "../golden/vector.ts";
import type { Decoder, Decoders } from "../../../../tools/decoderFaults.ts";

const readGolden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../vectors/valid/${name}.json`, import.meta.url), "utf8"));

/** Which decoders a golden vector runs, and which of its fields somebody else wrote. */
const GOLDEN: Record<string, { runs: string; fields: readonly string[] }> = {
  genesis: { runs: "startPractice", fields: ["input"] },
  "access-revoke": { runs: "(access-revoke)", fields: ["input"] },
  entry: { runs: "openEntry", fields: ["header", "box"] },
  "gate-share": { runs: "openShare", fields: ["sealed"] },
  "release-receipt": { runs: "verifyReceipt", fields: ["input"] },
  wrap: { runs: "openWrap checkFileKey", fields: ["wrap", "commit", "share"] },
};

/** What the golden vectors hold, changed in the fields that come from outside. */
export function goldenDecoders(): Decoders<Uint8Array> {
  const folded = foldBase(readGolden("base") as Base);
  const decoders: Record<string, Decoder<Uint8Array>> = {};
  for (const [name, { runs, fields }] of Object.entries(GOLDEN)) {
    const vector = readGolden(name) as Vector;
    for (const [index, field] of fields.entries())
      decoders[index === 0 ? runs : `(${name} ${field})`] = {
        valid: [hexToBytes(String(vector[field]))],
        decode: (input) => readVector({ ...vector, [field]: bytesToHex(input) }, folded),
        cost: 4,
      };
  }
  return decoders;
}

/** Signed objects, as a stranger changes them: each reader gets its own kind, and by chance the others. */
export function signedDecoders(): Decoders<Uint8Array> {
  const acting = new TestPractice({ week: 3000 });
  const { founder, state, id: practice } = acting;
  const order = acting.order(founder, "freeze", { member: null });
  const declared = acting.order(founder, "posture.policy", {
    database: "gate",
    policy: "ab".repeat(32) as core.Hash,
    replaces: "cd".repeat(32) as core.Hash,
  });
  const approval = acting.approval(founder, order);
  const author = { by: "device" as const, id: founder.device };
  const cancellation = secret.signCancellation(
    { practice, order: core.hashOrder(order), author },
    founder.statement.secret,
  );
  const acceptance = acting.links[0]?.acceptance ?? new Uint8Array();
  const key = founder.statement.publicKey;
  const manifest = Uint8Array.of(0x7b, 0x7d);
  const week = 3000;
  const base = readGolden("base") as Base;
  return {
    readGenesis: { valid: [acting.genesis], decode: (input) => core.readGenesis(input) },
    "readOrder verifyOrder": {
      valid: [order, declared],
      decode: (input) => [core.readOrder(input), core.verifyOrder(input, key)],
    },
    verifyClientRelease: {
      valid: [secret.signClientRelease(manifest, founder.statement)],
      decode: (input) => core.verifyClientRelease(input, { manifest, key }),
    },
    verifyDocument: {
      valid: [secret.signDocument("postureException", manifest, founder.statement)],
      decode: (input) =>
        core.verifyDocument("postureException", input, { document: manifest, key }),
    },
    "readApproval verifyApproval": {
      valid: [approval],
      decode: (input) => [
        core.readApproval(input),
        core.verifyApproval(input, key, { order: core.hashOrder(order), week }),
      ],
    },
    "readCancellation verifyCancellation": {
      valid: [cancellation],
      decode: (input) => [core.readCancellation(input), core.verifyCancellation(input, key)],
    },
    "readAcceptance verifyAcceptance": {
      valid: [acceptance],
      decode: (input) => [
        core.readAcceptance(input),
        core.verifyAcceptance(input, acting.gate.publicKey, practice),
      ],
    },
    "readStatement verifyStatement readOrderStatement": {
      valid: [acting.statement(founder, order, [approval])],
      decode: (input) => [
        core.verifyStatement(input, key),
        core.readOrderStatement(core.readStatement(input)),
      ],
    },
    readAppend: {
      valid: [hexToBytes(base.append)],
      decode: (input) => core.readAppend(core.readStatement(input)),
    },
    readAccessBody: {
      valid: [hexToBytes(base.create)],
      decode: (input) => core.readAccessBody(core.readStatement(input), "create"),
    },
    checkResumeAuthor: {
      valid: [acting.order(founder, "resume", { restore: bytesToId(randomBytes(16)), lost: null })],
      decode: (input) => core.checkResumeAuthor(state, input),
    },
  };
}
