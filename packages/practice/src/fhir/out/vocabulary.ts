/** Base of the addresses that an export gives its own resources; RFC 2606: it never resolves. */
export const BASE_URL = "https://sinetti.invalid/fhir/";

/** The extensions of an export of ours; stable, described in docs/export.md. */
export const EXTENSION = {
  /** The whole record that a resource was made of: `compartment`, `entry`, `body`. */
  record: "urn:sinetti:fhir:record",
  /** A passage that was withheld: `field`, `code`, `reason`. */
  withheld: "urn:sinetti:fhir:withheld",
} as const;

/** The code systems of an export of ours. */
export const SYSTEM = {
  /** Tag of a resource that stands around the record: `part`, `staff` or `history`. */
  frame: "urn:sinetti:fhir:frame",
  entry: "urn:sinetti:fhir:entry",
  record: "urn:sinetti:fhir:record-type",
  activity: "urn:sinetti:fhir:activity",
  member: "urn:sinetti:fhir:member",
  section: "urn:sinetti:fhir:note-section",
  template: "urn:sinetti:fhir:note-template",
  measure: "urn:sinetti:fhir:measure",
  identityCode: "urn:sinetti:fhir:identity-code",
  outcome: "urn:sinetti:fhir:gate-outcome",
  purpose: "urn:sinetti:fhir:purpose",
} as const;

/** Why a resource stands around the record instead of being one. */
export type Frame = "part" | "staff" | "history";

/** A FHIR resource of an export. */
export interface OutResource {
  resourceType: string;
  id: string;
  [element: string]: unknown;
}
