import type { Withheld } from "./exported.ts";
import { textToBase64 } from "../embeddedText.ts";
import { withoutUndefined } from "../elements.ts";
import { EXTENSION, type OutResource } from "./vocabulary.ts";

/** Characters of the longest FHIR string; longer ones stand as base64. */
const STRING_MAX = 1_000_000;

/** What a resource of an export says of the record that it was made of. */
export interface OwnRecord {
  /** A patient's compartment, or `schedule` or `ledger`. */
  readonly compartment: string;
  /** The entry's id, or the key of a folded value. */
  readonly entry: string;
  readonly body: object;
}

function recordExtension({ compartment, entry, body }: OwnRecord): unknown {
  // Line separators and the like are no FHIR string; inside JSON they may stand escaped.
  const json = JSON.stringify(body).replace(
    /[^\P{Cc}]|[\u2028\u2029]/gu,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const value =
    json.length <= STRING_MAX ? { valueString: json } : { valueBase64Binary: textToBase64(json) };
  return {
    url: EXTENSION.record,
    extension: [
      { url: "compartment", valueCode: compartment },
      { url: "entry", valueString: entry },
      { url: "body", ...value },
    ],
  };
}

/** The mark of a withheld passage. */
export function withheldExtension({ field, code, reason }: Withheld): unknown {
  return {
    url: EXTENSION.withheld,
    extension: [
      ...(field === undefined ? [] : [{ url: "field", valueString: field }]),
      { url: "code", valueCode: code },
      { url: "reason", valueString: reason },
    ],
  };
}

/** The same resource with the whole record inside, and the marks of what was taken out of it. */
export function withOwnRecord(
  resource: OutResource,
  record: OwnRecord,
  withheld: readonly Withheld[] = [],
): OutResource {
  const { resourceType, id, meta, ...rest } = resource;
  const extension = [recordExtension(record), ...withheld.map(withheldExtension)];
  return withoutUndefined({ resourceType, id, meta, extension, ...rest });
}
