import { readBundle } from "./bundle.ts";

/**
 * What tells one patient from another across bundles: the medical record number with its system, else the first identifier in
 * order, else the Patient's id. It may hold an identity code: hash it under a secret key before it is stored or compared.
 * Throws FhirError as `mapBundle` does for the bundle's frame.
 */
export function fhirDuplicateKey(value: unknown): string {
  const { patient } = readBundle(value);
  const identifiers = Array.isArray(patient.resource["identifier"])
    ? (patient.resource["identifier"] as unknown[])
    : [];
  const known = identifiers.flatMap((identifier) => readIdentifier(identifier) ?? []);
  known.sort(
    (a, b) =>
      Number(b.isRecordNumber) - Number(a.isRecordNumber) ||
      (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  );
  return known[0]?.key ?? `id ${patient.sourceId}`;
}

function readIdentifier(identifier: unknown): { key: string; isRecordNumber: boolean } | undefined {
  if (typeof identifier !== "object" || identifier === null) return undefined;
  const { system, value, type } = identifier as Record<string, unknown>;
  if (typeof system !== "string" || typeof value !== "string" || value.trim() === "")
    return undefined;
  return {
    key: `identifier ${system} ${value.trim()}`,
    isRecordNumber: JSON.stringify(type ?? null).includes('"code":"MR"'),
  };
}
