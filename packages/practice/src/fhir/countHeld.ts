import type { MappedBundle, TypeCount } from "./mapBundle.ts";

/**
 * Counts what a patient's opened entries hold of an import, by resource type: mapped records by their source, originals kept as
 * they came; the original of a record, later parts, and repeats of one source id count nothing. It adds up to `byType`.
 */
export function countHeldResources(bodies: Iterable<object>): MappedBundle["byType"] {
  const asBySourceId = new Map<string, keyof TypeCount>();
  for (const body of bodies) {
    for (const sourceId of mappedSourceIds(body)) asBySourceId.set(sourceId, "mapped");
    for (const sourceId of keptSourceIds(body))
      if (!asBySourceId.has(sourceId)) asBySourceId.set(sourceId, "kept");
  }
  const byType: MappedBundle["byType"] = {};
  for (const [sourceId, as] of asBySourceId) {
    const counted = (byType[sourceId.split("/")[0] ?? ""] ??= { mapped: 0, kept: 0 });
    counted[as] += 1;
  }
  return byType;
}

function mappedSourceIds(body: object): string[] {
  if ("observations" in body && Array.isArray(body.observations))
    return (body.observations as object[]).flatMap(mappedSourceIds);
  if (!("source" in body) || typeof body.source !== "object" || body.source === null) return [];
  return "sourceId" in body.source ? [String(body.source.sourceId)] : [];
}

function keptSourceIds(body: object): string[] {
  if (!("documents" in body) || !Array.isArray(body.documents)) return [];
  const documents = body.documents as { sourceId: string; originalOf?: string }[];
  return documents
    .filter(({ originalOf }) => originalOf === undefined)
    .map(({ sourceId }) => sourceId);
}
