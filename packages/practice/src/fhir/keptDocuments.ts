import type { CareBody } from "../records/care.ts";
import type { SourceDocument } from "../records/fields.ts";
import type { BundleItem } from "./bundle.ts";
import type { EntryDraft, MapOptions } from "./mapping.ts";
import { FHIR_SOURCE_TYPE, utf8Length } from "./mapping.ts";

/** Raw bytes that one entry of kept originals aims at. */
export const KEPT_ENTRY_BYTES = 48 * 1024;
/** What an original's id, URL and hash take beside its content. */
const FRAME_BYTES = 256;
/** Originals in one entry. */
const KEPT_ENTRY_MAX = 500;
/** UTF-16 units of one part of an original too large for one entry. */
const PART_UNITS = 400_000;

type Document = SourceDocument["documents"][number];

/**
 * Entries that keep originals word for word, those of one type together, about 48 KiB to an entry; a larger original stands alone,
 * a very large one in parts. `apart` says whose record stands elsewhere, and only its original is kept here.
 */
export function keepOriginals(
  items: readonly BundleItem[],
  apart: ReadonlySet<BundleItem>,
  options: Pick<MapOptions, "at" | "sha256">,
): EntryDraft<CareBody>[] {
  const { at, sha256 } = options;
  const itemsByType = Map.groupBy(items, ({ resource }) => resource.resourceType);
  return [...itemsByType].flatMap(([resourceType, members]) =>
    pack(members.flatMap((item) => toDocuments(item, { isApart: apart.has(item), sha256 }))).map(
      (documents) => {
        const names = documents
          .map(({ sourceId, part }) => `${sourceId}#${part?.index ?? 0}`)
          .join(" ");
        const sourceId = `${resourceType}/kept-${sha256(names).slice(0, 32)}`;
        const hash = sha256(documents.map((document) => document.sha256).join(" "));
        return {
          sourceId,
          body: {
            v: 1,
            type: "sourceDocument",
            at,
            sourceType: FHIR_SOURCE_TYPE,
            sourceId,
            sha256: hash,
            documents,
          },
        };
      },
    ),
  );
}

function toDocuments(
  item: BundleItem,
  options: { isApart: boolean; sha256: MapOptions["sha256"] },
): Document[] {
  const { sourceId, fullUrl, resource } = item;
  const content = JSON.stringify(resource);
  const whole: Document = {
    sourceId,
    kind: resource.resourceType,
    encoding: "json",
    sha256: options.sha256(content),
    content,
    ...(fullUrl !== undefined && fullUrl !== "" && { url: fullUrl }),
    ...(options.isApart && { originalOf: sourceId }),
  };
  const parts = splitText(content);
  if (parts.length === 1) return [whole];
  return parts.map((part, index) => ({
    ...whole,
    content: part,
    part: { index, count: parts.length },
  }));
}

function splitText(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  while (text.length - start > PART_UNITS) {
    const high = text.charCodeAt(start + PART_UNITS - 1);
    const end = start + PART_UNITS - (high >= 0xd800 && high <= 0xdbff ? 1 : 0);
    parts.push(text.slice(start, end));
    start = end;
  }
  return [...parts, text.slice(start)];
}

function pack(documents: readonly Document[]): Document[][] {
  const groups: Document[][] = [];
  let bytes = 0;
  for (const document of documents) {
    const size = utf8Length(document.content) + FRAME_BYTES;
    const last = groups.at(-1);
    if (last === undefined || last.length >= KEPT_ENTRY_MAX || bytes + size > KEPT_ENTRY_BYTES) {
      groups.push([document]);
      bytes = size;
    } else {
      last.push(document);
      bytes += size;
    }
  }
  return groups;
}
