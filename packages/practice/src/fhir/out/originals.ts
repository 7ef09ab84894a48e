import type { Source } from "../../records/fields.ts";
import { isRecord } from "../bundle.ts";
import { FHIR_SOURCE_TYPE } from "../mapping.ts";
import type { RecordEntry } from "./exported.ts";
import { BASE_URL, type OutResource } from "./vocabulary.ts";

/** A resource that came from elsewhere, as it came. */
export interface Original {
  readonly sourceId: string;
  readonly url: string | undefined;
  readonly resource: OutResource;
}

interface Kept {
  url: string | undefined;
  parts: { index: number; content: string }[];
}

/** The FHIR originals that a record's entries hold, put together from bodies and kept parts, by source id. */
export function readOriginals(entries: readonly RecordEntry[]): Map<string, Original> {
  const kept = new Map<string, Kept>();
  const add = (sourceId: string, url: string | undefined, part: Kept["parts"][number]): void => {
    const held = kept.get(sourceId) ?? { url, parts: [] };
    if (!held.parts.some(({ index }) => index === part.index)) held.parts.push(part);
    kept.set(sourceId, held);
  };
  for (const { body } of entries) {
    for (const { sourceId, url, json } of sourcesOf(body))
      if (json !== undefined) add(sourceId, url, { index: 0, content: json });
    for (const { sourceId, url, content, part } of fhirDocumentsOf(body))
      add(sourceId, url, { index: part?.index ?? 0, content });
  }
  return new Map([...kept].flatMap(([sourceId, held]) => toOriginal(sourceId, held)));
}

/** What is no resource of that name goes out inside its record instead. */
function toOriginal(sourceId: string, { url, parts }: Kept): [string, Original][] {
  const ordered = parts.toSorted((a, b) => a.index - b.index);
  const resource = parseResource(ordered.map(({ content }) => content).join(""));
  const isNamed = resource !== undefined && `${resource.resourceType}/${resource.id}` === sourceId;
  return isNamed ? [[sourceId, { sourceId, url, resource }]] : [];
}

function parseResource(text: string): OutResource | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? (value as OutResource) : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** The FHIR sources that a body names. */
export function sourcesOf(body: RecordEntry["body"]): Source[] {
  const all =
    body.type === "observations"
      ? body.observations.map(({ source }) => source)
      : "source" in body && body.source !== undefined
        ? [body.source]
        : [];
  return all.filter(({ sourceType }) => sourceType === FHIR_SOURCE_TYPE);
}

/** The FHIR originals that a source document keeps. */
export function fhirDocumentsOf(body: RecordEntry["body"]) {
  if (body.type !== "sourceDocument" || body.sourceType !== FHIR_SOURCE_TYPE) return [];
  return body.documents.filter(({ encoding }) => encoding === "json");
}

/** How the bundle's own resources name an original. */
export function referenceTo({ sourceId, url }: Pick<Original, "sourceId" | "url">): string {
  return url ?? sourceId;
}

/** The full URL of a resource of the bundle: as it came, else under the base that never resolves. */
export function fullUrlOf({ sourceId, url }: Pick<Original, "sourceId" | "url">): string {
  return url ?? `${BASE_URL}${sourceId}`;
}
