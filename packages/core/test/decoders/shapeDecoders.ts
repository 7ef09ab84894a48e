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
    RunReader: { valid: [run], decode: (input) => readRun(input) },
  };
}

/** In pieces, as a stream brings it. */
function readRun(bytes: Uint8Array): void {
  const reader = new RunReader();
  for (let at = 0; at < bytes.length; at += 1000) reader.take(bytes.subarray(at, at + 1000));
  reader.finish();
}
