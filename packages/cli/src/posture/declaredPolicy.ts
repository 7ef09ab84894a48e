import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Hash, ServiceName } from "@sinetti/core";
import { policyRejectionText, readPolicy, type PosturePolicy } from "@sinetti/posture";

import { readBytes } from "../input/readBytes.ts";
import { InputError } from "../inputError.ts";

/** A policy file: what it declares, and its bytes, which are what a practice approves. */
export interface DeclaredPolicy {
  /** Where it was read. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of the bytes, as `sha256sum` gives it. */
  readonly sha256: Hash;
  readonly policy: PosturePolicy;
}

/** Reads a policy file. Error: InputError with every line that is wrong. */
export function readDeclaredPolicy(path: string): DeclaredPolicy {
  return declaredPolicy(readBytes(path), path);
}

/** What bytes declare that came from `path`. Error: InputError with every line that is wrong. */
export function declaredPolicy(bytes: Uint8Array, path: string): DeclaredPolicy {
  const read = readPolicy(new TextDecoder().decode(bytes), new Date());
  if (!read.ok)
    throw new InputError(path, "the policy is not taken", {
      fields: read.rejections.map(policyRejectionText),
    });
  const sha256 = createHash("sha256").update(bytes).digest("hex") as Hash;
  return { path, bytes, sha256, policy: read.value };
}

/** What Sinetti declares of the database of a service. */
export function shippedPolicy(service: ServiceName): DeclaredPolicy {
  const name = service === "gate" ? "gate.yaml" : "vault.yaml";
  const path = fileURLToPath(new URL(name, import.meta.url));
  return declaredPolicy(readFileSync(path), path);
}
