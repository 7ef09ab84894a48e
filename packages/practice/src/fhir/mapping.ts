import type { CareBody } from "../records/care.ts";
import type { Source } from "../records/fields.ts";
import type { IdentityBody } from "../records/identity.ts";
import type { OfficeBody } from "../records/office.ts";
import type { PortalBody } from "../records/portal.ts";
import type { ProcessBody } from "../records/process.ts";
import type { BundleItem, PatientBundle } from "./bundle.ts";
import type { Reference } from "./elements.ts";
import { toLine } from "./elements.ts";

/** The kind of source that FHIR R4 resources carry. */
export const FHIR_SOURCE_TYPE = "fhir-r4";

/** Bytes of an original that a mapped record carries itself; a larger one is kept apart. */
const INLINE_ORIGINAL_BYTES = 48 * 1024;

/** One entry to write: its stable id at the source, and its body. */
export interface EntryDraft<B> {
  sourceId: string;
  body: B;
}

/** A record made of a resource, and the compartment it belongs to. */
export type MappedRecord =
  | { compartment: "identity"; sourceId: string; body: IdentityBody }
  | { compartment: "care"; sourceId: string; body: CareBody }
  | { compartment: "office"; sourceId: string; body: OfficeBody }
  | { compartment: "portal"; sourceId: string; body: PortalBody }
  | { compartment: "process"; sourceId: string; body: ProcessBody };

/** Something a person should look at after an import; the place, never the value. */
export interface FhirWarning {
  code: "identity-code-invalid" | "entered-in-error" | "name-missing" | "not-mappable";
  resourceIndex: number;
  field?: string;
}

/** What mapping a bundle needs from outside. */
export interface MapOptions {
  /** Time of the import (ISO 8601), for records that carry no time of their own. */
  at: string;
  /** IANA zone in which appointments are shown. */
  zone: string;
  /** SHA-256 of a text's UTF-8, as 64 lowercase hexadecimal digits. */
  sha256: (text: string) => string;
}

/** What one mapper sees. */
export interface MapContext extends MapOptions {
  bundle: PatientBundle;
  warn: (warning: FhirWarning) => void;
  /** The source with the original inside; a large original is kept apart and named by its hash. */
  sourceOf: (item: BundleItem) => Source;
  /** The source without the original, which is kept in the care file: for records that the office may read. */
  sourceApart: (item: BundleItem) => Source;
  /** What the bundle calls whom or what a reference names. */
  nameOf: (reference: Reference | undefined) => string | undefined;
}

/** Makes records of one resource; an empty list keeps the resource as it is. */
export type Mapper = (item: BundleItem, context: MapContext) => MappedRecord[];

/** The context of one bundle; `apart` collects the items whose original must be kept beside their record. */
export function mapContext(
  bundle: PatientBundle,
  options: MapOptions & { warn: MapContext["warn"]; apart: Set<BundleItem> },
): MapContext {
  const { apart, sha256 } = options;
  const sourceApart = (item: BundleItem): Source => {
    apart.add(item);
    return sourceWithout(item, sha256(JSON.stringify(item.resource)));
  };
  return {
    at: options.at,
    zone: options.zone,
    sha256,
    warn: options.warn,
    bundle,
    sourceApart,
    sourceOf: (item) => {
      const json = JSON.stringify(item.resource);
      return utf8Length(json) > INLINE_ORIGINAL_BYTES
        ? sourceApart(item)
        : { ...sourceWithout(item, sha256(json)), json };
    },
    nameOf: (reference) =>
      toLine(reference?.display) ?? nameOfItem(bundle.resolve(reference?.reference)),
  };
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function sourceWithout(item: BundleItem, sha256: string): Source {
  const { sourceId, fullUrl: url } = item;
  return {
    sourceType: FHIR_SOURCE_TYPE,
    sourceId,
    sha256,
    ...(url !== undefined && url !== "" && { url }),
  };
}

function nameOfItem(item: BundleItem | undefined): string | undefined {
  const name = item?.resource["name"];
  if (typeof name === "string") return toLine(name);
  const first: unknown = Array.isArray(name) ? name[0] : undefined;
  if (typeof first !== "object" || first === null) return undefined;
  const { text, family, given } = first as Record<string, unknown>;
  const parts = [...(Array.isArray(given) ? given : []), family].filter(
    (part) => typeof part === "string",
  );
  return toLine(typeof text === "string" ? text : parts.join(" "));
}
