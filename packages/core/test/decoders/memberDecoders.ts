import * as core from "@sinetti/core";
import { bytesToId, concatBytes, randomBytes } from "@sinetti/core";
import * as secret from "@sinetti/core/secret";
import { LABELS, labelled, type Label } from "../../src/labels.ts";
import { Secret } from "../../src/secretValue.ts";
import { signDetached } from "../../src/suite.ts";
import { TestPractice } from "../../../../tools/testPractice.ts";
import type { Decoders } from "../../../../tools/decoderFaults.ts";

const SIGNATURE_BYTES = 64;

/** Objects as somebody signs who has a key of the practice, so that the signature stops nothing. */
function signedBy(label: Label, key: secret.SignKey, payload: Uint8Array): Uint8Array {
  return concatBytes(signDetached(labelled(label, payload), Secret.reveal(key.secret)), payload);
}
const payloadOf = (signed: Uint8Array): Uint8Array => signed.subarray(SIGNATURE_BYTES);

/** Signed objects, as a member of the practice changes them who signs what comes of it. */
export function memberDecoders(): Decoders<Uint8Array> {
  const acting = new TestPractice({ week: 3000 });
  const { founder } = acting;
  const colleague = acting.add(["therapist"]);
  const { state } = acting;
  const context = { practice: state, week: 3000 };
  const key = founder.statement;
  const order = acting.order(founder, "freeze", { member: null });
  const resume = acting.order(founder, "resume", {
    restore: bytesToId(randomBytes(16)),
    lost: null,
  });
  const made = acting.createFile(founder, "care");
  const access = core.startAccess(made.link, context);
  const { statement: append } = acting.append(founder, made, {
    access,
    record: null,
    bodies: [new Uint8Array(40)],
  });
  const grant = secret.signAccessStatement(
    { practice: acting.id, file: made.file, device: founder.device, head: core.accessHead(access) },
    {
      kind: "grant",
      body: {
        seen: core.practiceHead(state),
        grant: acting.grant(colleague),
        epoch: 1,
        wraps: "11".repeat(32) as core.Hash,
      },
    },
    key.secret,
  );
  const link = (payload: Uint8Array): core.Link =>
    core.readStatement(signedBy(LABELS.statement, key, payload));
  return {
    applyPracticeStatement: {
      valid: [payloadOf(acting.statement(founder, order))],
      decode: (input) =>
        core.applyPracticeStatement(structuredClone(state), link(input), { week: 3000 }),
      cost: 4,
    },
    "(order inside a statement)": {
      valid: [payloadOf(order)],
      decode: (input) =>
        core.applyPracticeStatement(
          structuredClone(state),
          core.readStatement(acting.statement(founder, signedBy(LABELS.order, key, input))),
          { week: 3000 },
        ),
      cost: 4,
    },
    checkResume: {
      valid: [],
      decode: (input) =>
        core.checkResume(state, signedBy(LABELS.order, key, input), {
          approvals: [signedBy(LABELS.approval, key, input)],
          lost: [],
          week: 3000,
        }),
      cost: 4,
    },
    "(checkResumeAuthor signed)": {
      valid: [payloadOf(resume)],
      decode: (input) => core.checkResumeAuthor(state, signedBy(LABELS.order, key, input)),
      cost: 4,
    },
    startAccess: {
      valid: [payloadOf(made.statement)],
      decode: (input) => core.startAccess(link(input), context),
      cost: 4,
    },
    applyAccessStatement: {
      valid: [payloadOf(grant)],
      decode: (input) => core.applyAccessStatement(structuredClone(access), link(input), context),
      cost: 4,
    },
    "applyAppend startRecord": {
      valid: [payloadOf(append)],
      decode: (input) =>
        core.applyAppend(core.startRecord(acting.id, made.file), link(input), {
          access,
          practice: state,
        }),
      cost: 4,
    },
  };
}
