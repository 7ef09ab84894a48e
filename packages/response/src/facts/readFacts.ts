import { checkAnonymity } from "../anonymity/checkAnonymity.ts";
import { factsFileSchema, type FactsFile } from "./factsFile.ts";
import { findMisfits } from "./references.ts";
import { fieldText, type Rejection } from "./rejection.ts";
import { shapeRejections } from "./shapeRejections.ts";
import { soundPart } from "./soundPart.ts";
import { readYaml, type YamlDocument } from "./yamlDocument.ts";

type FactsRead =
  | { readonly ok: true; readonly value: FactsFile }
  | { readonly ok: false; readonly rejections: readonly Rejection[] };

const byLine = (one: Rejection, other: Rejection): number => one.line - other.line;

function misfitRejections(
  document: YamlDocument,
  issues: readonly { readonly path: readonly PropertyKey[] }[],
): Rejection[] {
  const sound = soundPart(document.content, issues);
  if (sound === undefined) return [];
  const { file, indexes, leftOut } = sound;
  return findMisfits(file, { isPart: issues.length > 0 })
    .filter(({ named }) => named === undefined || !leftOut.has(named))
    .map(({ path: [name = "", index, ...rest], problem, expected }) => {
      const at = typeof index === "number" ? indexes.get(String(name))?.[index] : index;
      const path = at === undefined ? [name] : [name, at, ...rest];
      return { line: document.lineOf(path), field: fieldText(path), problem, expected };
    });
}

/** In a file that names somebody an id may be the name: none is repeated. */
function withoutIds(rejection: Rejection): Rejection {
  return { ...rejection, expected: rejection.expected.replace(/ \(did you mean .*\)$/, "") };
}

/**
 * Reads a facts file: YAML 1.2 text to facts, or everything that is wrong with it, by line and field.
 * `names` are of people who must not occur (patients, former patients, relatives); no rejection repeats what stands in the file.
 */
export function readFacts(text: string, names: readonly string[] = []): FactsRead {
  const read = readYaml(text);
  if (!read.ok) return read;
  const document = read.value;
  const parsed = factsFileSchema.safeParse(document.content);
  const issues = parsed.error?.issues ?? [];
  const named = checkAnonymity(document, names);
  const misfits = misfitRejections(document, issues);
  const rejections = [
    ...shapeRejections(issues, document),
    ...(named.length === 0 ? misfits : misfits.map(withoutIds)),
    ...named,
  ];
  if (parsed.success && rejections.length === 0) return { ok: true, value: parsed.data };
  return { ok: false, rejections: rejections.sort(byLine) };
}
