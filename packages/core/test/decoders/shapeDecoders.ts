import * as core from "@sinetti/core";
import {
  CHAIN_ROUTES,
  GATE_ROUTES,
  HintReader,
  NO_HINT,
  RunReader,
  VAULT_ROUTES,
  decodeShape,
  encodeHint,
  encodeRunFrame,
  encodeShape,
  type FileId,
  type PracticeId,
  type Shape,
} from "@sinetti/core";
import * as secret from "@sinetti/core/secret";
import type { Decoder, Decoders } from "../../../../tools/decoderFaults.ts";

const practice = "11".repeat(16) as PracticeId;

function isShape(value: unknown): value is Shape<unknown> {
  return typeof value === "object" && value !== null && "decode" in value && "encode" in value;
}

const snapshot: core.ReviewSnapshot = {
  v: 1,
  practice,
  at: 1_800_000_000,
  edges: [
    {
      kind: "key",
      edge: {
        file: "66".repeat(16) as FileId,
        compartment: "care",
        subject: { type: "member", id: "77".repeat(16) as core.MemberId },
        rights: 7,
        term: "standing",
        expires: 3013,
        reason: "care",
        grantor: "88".repeat(16) as core.MemberId,
        isLast: true,
        lastUsed: null,
        risks: ["unused"],
      },
    },
    {
      kind: "database",
      edge: {
        database: "vault who",
        role: "reporting",
        path: ["reporting", "pg_read_all_data"],
        right: "SELECT",
        object: "public.entries",
        validUntil: null,
        risks: ["undeclared"],
      },
    },
  ],
};

const board: core.PostureBoard = {
  v: 1,
  service: "who",
  looked: 1_800_000_000,
  blind: ["E1"],
  left: 0,
  changes: [
    { at: 1_800_000_000, change: "opened", id: "G2", severity: "high", object: "x", until: null },
  ],
  hosts: null,
  findings: [
    {
      id: "N2",
      severity: "critical",
      object: "pg_hba: host all all 10.0.0.7/32 trust",
      title: "A line lets in without a password",
      why: "Vastaamo",
      mend: "take out line 3",
      state: "excepted",
      first: 1_790_000_000,
      regressions: 0,
      until: "2026-12-01",
      signed: [{ practice, reason: "moving", by: ["77".repeat(16) as core.MemberId] }],
    },
  ],
};

const shapeDecoder = (shape: Shape<unknown>): Decoder<Uint8Array> => ({
  valid: [],
  decode: (input) => decodeShape(shape, input),
  cost: 4,
});

/** Both bodies of every route, every shape that core hands out, the encoding itself, and runs of frames. */
export function shapeDecoders(): Decoders<Uint8Array> {
  const decoders: Record<string, Decoder<Uint8Array>> = {};
  for (const { path, request, answer } of Object.values({
    ...CHAIN_ROUTES,
    ...GATE_ROUTES,
    ...VAULT_ROUTES,
  })) {
    decoders[`(${path} request)`] = shapeDecoder(request);
    decoders[`(${path} answer)`] = shapeDecoder(answer);
  }
  for (const [name, value] of [core, secret].flatMap((entry) => Object.entries<unknown>(entry)))
    if (isShape(value)) decoders[`(${name})`] = shapeDecoder(value);
  const { status } = CHAIN_ROUTES;
  const answer = {
    practice: { seq: 3, hash: "22".repeat(32) as core.Hash },
    frozen: false,
    week: 3000,
    restore: null,
  };
  const frames = [
    encodeRunFrame({ kind: "start", v: 1, practice }),
    encodeRunFrame({ kind: "stops", orders: [new Uint8Array(80)] }),
    encodeRunFrame({ kind: "end" }),
  ];
  const run = Uint8Array.from(frames.flatMap((frame) => [...frame]));
  const files = ["33", "44"].map((byte) => byte.repeat(16) as FileId);
  const round = "55".repeat(16) as core.OrderId;
  const decision = (edge: number): core.ReviewDecision => ({
    edge,
    verdict: "keep",
    rights: 1,
    until: 3013,
    reason: "needed",
    inBulk: true,
    seconds: 2,
  });
  const hint = { ...NO_HINT, practice: true, files };
  return {
    ...decoders,
    "decodeCbor decodeShape": {
      valid: [encodeShape(status.answer, answer)],
      decode: (input) => decodeShape(status.answer, input),
    },
    HintReader: {
      valid: [encodeHint(hint), encodeHint(NO_HINT)],
      decode: (input) => new HintReader().read(input),
    },
    decodeReviewSnapshot: {
      valid: [core.encodeReviewSnapshot(snapshot)],
      decode: (input) => core.decodeReviewSnapshot(input),
    },
    decodeReviewDecisions: {
      valid: [
        core.encodeReviewDecisions({ v: 1, practice, round, decisions: [0, 1].map(decision) }),
      ],
      decode: (input) => core.decodeReviewDecisions(input),
    },
    readPostureBoard: {
      valid: [encodeShape(core.postureBoardShape, board)],
      decode: (input) => core.readPostureBoard(input, "who"),
    },
    RunReader: { valid: [run], decode: (input) => readRun(input) },
  };
}

/** In pieces, as a stream brings it. */
function readRun(bytes: Uint8Array): void {
  const reader = new RunReader();
  for (let at = 0; at < bytes.length; at += 1000) reader.take(bytes.subarray(at, at + 1000));
  reader.finish();
}
