import {
  bytesToHex,
  decodeCbor,
  encodeCbor,
  initSuite,
  sha256,
  startAccess,
  startRecord,
  type Wire,
} from "@sinetti/core";
import { labelled, type Label } from "../../src/labels.ts";
import { Secret } from "../../src/secretValue.ts";
import { signDetached } from "../../src/suite.ts";
import type { SignKey } from "@sinetti/core/secret";
import { TestPractice } from "../../../../tools/testPractice.ts";
import { elapse, join } from "../acts.ts";

const WEEK = 3000;

/** Randomness that is the same in every run: SHA-256 over a counter. */
export async function loadDeterministicSuite(): Promise<void> {
  let counter = 0;
  await initSuite((count) => {
    const bytes = new Uint8Array(count);
    for (let offset = 0; offset < count; offset += 32)
      bytes.set(sha256(countBytes(counter++)).subarray(0, Math.min(32, count - offset)), offset);
    return bytes;
  });
}

/** The practice and the file that every golden vector starts from; needs the deterministic suite. */
export function goldenScene() {
  const practice = new TestPractice({ week: WEEK });
  const { founder } = practice;
  const therapist = join(practice, ["therapist"]);
  const office = join(practice, ["office"]);
  elapse(practice, 3);
  const made = practice.createFile(founder, "care", {
    grants: [practice.grant(therapist, { rights: 5 })],
  });
  const access = startAccess(made.link, { practice: practice.state, week: practice.week });
  const body = Uint8Array.from({ length: 5 }, (_, i) => i);
  const append = practice.append(founder, made, { access, record: null, bodies: [body] });
  return {
    practice,
    founder,
    therapist,
    office,
    made,
    access,
    append,
    body,
    emptyRecord: startRecord(practice.id, made.file),
  };
}
/** What `goldenScene` gives. */
export type GoldenScene = ReturnType<typeof goldenScene>;

/** A signed object with its content changed, and signed again as `label` by `key`. */
export function resign(
  signed: Uint8Array,
  { label, key }: { label: Label; key: SignKey },
  change: (content: Map<string, Wire>) => void = () => undefined,
): Uint8Array {
  const content = decodeCbor(signed.subarray(64)) as Map<string, Wire>;
  change(content);
  const bytes = encodeCbor(content);
  const signature = signDetached(labelled(label, bytes), Secret.reveal(key.secret));
  const again = new Uint8Array(64 + bytes.length);
  again.set(signature);
  again.set(bytes, 64);
  return again;
}

/** The bytes of a secret, in hexadecimal, for a vector. */
export function reveal(secret: Parameters<typeof Secret.reveal>[0]): string {
  return bytesToHex(Secret.reveal(secret));
}

/** Four bytes, most significant first. */
function countBytes(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}
