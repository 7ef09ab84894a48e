import { z } from "zod";

const word = z.string().max(200);
const result = z.strictObject({
  kind: z.enum(["port", "tls", "login", "listening", "socket"]),
  /** Where it was tried; of `listening` and `socket` the host itself. */
  host: word,
  address: word.optional(),
  port: z.int().optional(),
  service: word.nullable().optional(),
  path: word.optional(),
  database: word.optional(),
  role: word.optional(),
  over: z.enum(["tls", "clear"]).optional(),
  expected: word,
  found: word,
  isRight: z.boolean(),
});

/** What one host could and could not reach, at one time, against one plan. */
export const statementSchema = z.strictObject({
  sinettiDeploymentStatement: z.literal(1),
  /** SHA-256 of the plan's file. */
  plan: z.string().regex(/^[0-9a-f]{64}$/),
  host: word,
  at: z.iso.datetime(),
  results: z.array(result).max(100_000),
});

export type DeploymentResult = z.infer<typeof result>;
export type DeploymentStatement = z.infer<typeof statementSchema>;

/** The bytes that a host signs: the statement as its shape orders it. */
export function statementBytes(statement: DeploymentStatement): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(statementSchema.parse(statement)));
}

const placeOf = ({ host, address, port, service, path }: DeploymentResult): string =>
  path ?? `${service ?? host} (${address ?? host}:${port ?? 0})`;

/** One result as a line of text. */
export function resultText(one: DeploymentResult): string {
  const place = placeOf(one);
  switch (one.kind) {
    case "login":
      return `${place}: ${one.role ?? ""} in ${one.database ?? ""} ${one.over === "tls" ? "over TLS" : "in clear"}: ${one.found}`;
    case "listening":
      if (one.address === undefined) return `${one.host} cannot tell what it listens on`;
      return `${one.host} listens on ${one.address ?? ""}:${one.port ?? 0}, ${one.isRight ? "as declared" : "which nobody declared"}`;
    default:
      return `${place}: ${one.found}, expected ${one.expected}`;
  }
}
