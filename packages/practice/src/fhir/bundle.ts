import { FhirError } from "./fhirError.ts";
import { BASE_URL } from "./out/vocabulary.ts";
import { refuseOtherSubject } from "./subject.ts";

/** A resource whose type and id were checked; the rest is as it came. */
export interface FhirResource {
  resourceType: string;
  id: string;
  [field: string]: unknown;
}

/** One resource of a bundle: its place from 0, its source id (`Patient/123`), its full URL where it has one. */
export interface BundleItem {
  index: number;
  sourceId: string;
  fullUrl?: string;
  resource: FhirResource;
}

/** A bundle about exactly one patient. */
export interface PatientBundle {
  patient: BundleItem;
  items: readonly BundleItem[];
  /** The resource that a reference names, when the bundle holds it. */
  resolve: (reference: string | undefined) => BundleItem | undefined;
}

const BUNDLE_TYPES = new Set([
  "document",
  "message",
  "transaction",
  "transaction-response",
  "batch",
  "batch-response",
  "history",
  "searchset",
  "collection",
]);
/** Levels of objects and lists in one resource: what follows walks them by recursion. */
const DEPTH_MAX = 100;
const TYPE_FORM = /^[A-Z][A-Za-z]{1,63}$/;
const ID_FORM = /^[A-Za-z0-9.-]{1,64}$/;
const URL_FORM = /^[^\u0000-\u001f\u007f]{0,500}$/;

/** The value of a JSON text; throws `not-json` when it is cut off or not JSON. A leading byte-order mark is accepted. */
export function parseBundleText(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch {
    // The engine's error quotes the text around the fault, so it is not kept as the cause.
    throw new FhirError("not-json");
  }
}

/**
 * Checks the frame of a FHIR R4 bundle (hl7.org/fhir/R4/bundle.html): every entry a resource with type and id, no source id twice,
 * exactly one Patient, and nothing about anybody else. Throws `not-fhir`, `not-a-bundle`, `no-patient`, `several-patients` or
 * `resource-invalid`.
 */
export function readBundle(value: unknown): PatientBundle {
  if (!isRecord(value) || typeof value["resourceType"] !== "string")
    throw new FhirError("not-fhir");
  const { type } = value;
  if (value["resourceType"] !== "Bundle" || typeof type !== "string" || !BUNDLE_TYPES.has(type))
    throw new FhirError("not-a-bundle");
  const entries = value["entry"] ?? [];
  if (!Array.isArray(entries)) throw new FhirError("not-a-bundle");
  const items = entries.map((entry: unknown, index) => readItem(entry, index));
  refuseRepeatedIds(items);
  const patients = items.filter(({ resource }) => resource.resourceType === "Patient");
  const [patient, another] = patients;
  if (patient === undefined) throw new FhirError("no-patient");
  if (another !== undefined)
    throw new FhirError("several-patients", { resourceIndex: another.index });
  const resolve = resolverOf(items);
  const bundle = { patient, items, resolve };
  for (const item of items) refuseOtherSubject(item, bundle);
  return bundle;
}

function readItem(entry: unknown, index: number): BundleItem {
  const invalid = (field: string) =>
    new FhirError("resource-invalid", { resourceIndex: index, field });
  if (!isRecord(entry) || !isRecord(entry["resource"])) throw invalid("resource");
  if (isDeeperThan(entry["resource"], DEPTH_MAX)) throw invalid("resource");
  const { resourceType, id } = entry["resource"];
  if (typeof resourceType !== "string" || !TYPE_FORM.test(resourceType))
    throw invalid("resourceType");
  if (typeof id !== "string" || !ID_FORM.test(id)) throw invalid("id");
  const { fullUrl } = entry;
  if (fullUrl !== undefined && (typeof fullUrl !== "string" || !URL_FORM.test(fullUrl)))
    throw invalid("fullUrl");
  const resource = { ...entry["resource"], resourceType, id };
  return {
    index,
    sourceId: `${resourceType}/${id}`,
    resource,
    // An export of ours gives what came without one a full URL; it is none of the source's.
    ...(fullUrl !== undefined && !fullUrl.startsWith(BASE_URL) && { fullUrl }),
  };
}

function refuseRepeatedIds(items: readonly BundleItem[]): void {
  const seen = new Set<string>();
  for (const { sourceId, fullUrl, index } of items) {
    const names = { id: sourceId, fullUrl: fullUrl === "" ? undefined : fullUrl };
    for (const [field, name] of Object.entries(names)) {
      if (name === undefined) continue;
      if (seen.has(`${field} ${name}`))
        throw new FhirError("resource-invalid", { resourceIndex: index, field });
      seen.add(`${field} ${name}`);
    }
  }
}

function resolverOf(items: readonly BundleItem[]): PatientBundle["resolve"] {
  const itemByReference = new Map<string, BundleItem>();
  for (const item of items) {
    itemByReference.set(item.sourceId, item);
    if (item.fullUrl !== undefined) itemByReference.set(item.fullUrl, item);
  }
  return (reference) => {
    if (reference === undefined) return undefined;
    const [plain = ""] = reference.split("/_history/");
    return itemByReference.get(plain) ?? itemByReference.get(plain.split("/").slice(-2).join("/"));
  };
}

/** Whether `value` is a JSON object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (levels === 0) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}
