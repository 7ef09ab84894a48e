import { z } from "zod";
import { parseEntryBody } from "../records/entryBody.ts";
import { PracticeError } from "../error.ts";
import { base64ToText } from "./embeddedText.ts";
import { FhirError } from "./fhirError.ts";
import { isRecord, type BundleItem } from "./bundle.ts";
import type { MappedRecord } from "./mapping.ts";
import { EXTENSION, SYSTEM, type Frame } from "./out/vocabulary.ts";

const FRAMES: readonly Frame[] = ["part", "staff", "history"];
const ENTRY_FORM = /^[0-9a-f]{32}$/;

const tagged = z.object({
  meta: z.object({ tag: z.array(z.object({ system: z.string(), code: z.string() })) }),
});

/** Why a resource of an export of ours stands around the record; undefined: it is a record, or came from elsewhere. */
export function frameOf({ resource }: BundleItem): Frame | undefined {
  const tags = tagged.safeParse(resource).data?.meta.tag ?? [];
  const code = tags.find(({ system }) => system === SYSTEM.frame)?.code;
  return FRAMES.find((frame) => frame === code);
}

/** A value of an export of ours: its compartment, the entry's id or key, and the body as it stood. */
export interface OwnValue {
  compartment: string;
  entry: string;
  body: unknown;
}

/** The record inside a resource of an export of ours; undefined: there is none. Throws `resource-invalid` when it is not whole. */
export function readOwnValue(item: BundleItem): OwnValue | undefined {
  const extensions: unknown = item.resource["extension"];
  const found = (Array.isArray(extensions) ? (extensions as unknown[]) : []).find(
    (extension) => isRecord(extension) && extension["url"] === EXTENSION.record,
  );
  if (!isRecord(found)) return undefined;
  const parts = Array.isArray(found["extension"]) ? (found["extension"] as unknown[]) : [];
  const valueOf = (url: string, kind: string): string | undefined => {
    const part = parts.find((each) => isRecord(each) && each["url"] === url);
    const value = isRecord(part) ? part[kind] : undefined;
    return typeof value === "string" ? value : undefined;
  };
  const packed = valueOf("body", "valueBase64Binary");
  const json = valueOf("body", "valueString") ?? (packed && base64ToText(packed));
  const compartment = valueOf("compartment", "valueCode");
  const entry = valueOf("entry", "valueString");
  const invalid = { resourceIndex: item.index, field: "extension" };
  if (json === undefined || compartment === undefined || entry === undefined)
    throw new FhirError("resource-invalid", invalid);
  try {
    return { compartment, entry, body: JSON.parse(json) as unknown };
  } catch {
    throw new FhirError("resource-invalid", invalid);
  }
}

/** The record of a patient's file inside a resource; undefined where there is none, or one of the schedule or ledger. */
export function readOwnRecord(item: BundleItem): (MappedRecord & { entry: string }) | undefined {
  const own = readOwnValue(item);
  if (own === undefined) return undefined;
  const { entry, body } = own;
  const { sourceId } = item;
  try {
    if (!ENTRY_FORM.test(entry)) return undefined;
    switch (own.compartment) {
      case "identity":
        return { compartment: "identity", sourceId, entry, body: parseEntryBody("identity", body) };
      case "office":
        return { compartment: "office", sourceId, entry, body: parseEntryBody("office", body) };
      case "care":
        return { compartment: "care", sourceId, entry, body: parseEntryBody("care", body) };
      case "portal":
        return { compartment: "portal", sourceId, entry, body: parseEntryBody("portal", body) };
      case "process":
        return { compartment: "process", sourceId, entry, body: parseEntryBody("process", body) };
      default:
        return undefined;
    }
  } catch (cause) {
    if (!(cause instanceof PracticeError)) throw cause;
    throw new FhirError(
      "resource-invalid",
      { resourceIndex: item.index, field: "extension" },
      { cause },
    );
  }
}

const attached = z.object({
  content: z.array(z.object({ attachment: z.object({ url: z.string().optional() }) })),
});

/** Where the package beside the bundle holds the document of a resource; undefined: it has none. */
export function documentPathOf({ resource }: BundleItem): string | undefined {
  const urls = attached.safeParse(resource).data?.content.map(({ attachment }) => attachment.url);
  return urls?.find((url) => url !== undefined && /^documents\/[^/\\]+$/.test(url));
}

/** The same value with ids replaced wherever they stand: an import gives entries ids of its own. */
export function renameIds<T>(value: T, renamed: ReadonlyMap<string, string>): T {
  if (typeof value === "string") return (renamed.get(value) ?? value) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => renameIds(each, renamed)) as T;
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, renameIds(each, renamed)]),
  ) as T;
}
