import type { WithholdCode, WithholdWish } from "@sinetti/practice";

import { InputError } from "../inputError.ts";
import { readJsonFile, refuseUnknown } from "./jsonFile.ts";

const CODES: readonly WithholdCode[] = ["third-person", "harm", "other-law"];
const REASON_MAX = 300;

/** The passages that a file asks to withhold: `{"passages":[{"entry","field","code","reason"}]}`. Error: InputError naming the fields. */
export function readWithholdFile(path: string): WithholdWish[] {
  const file = readJsonFile(path);
  refuseUnknown(path, file, ["passages"]);
  const passages: unknown = file["passages"];
  if (!Array.isArray(passages) || passages.length === 0)
    throw new InputError(path, "the file names no passage", { fields: ["passages (missing)"] });
  return passages.map((passage: unknown, index) => readPassage(path, passage, index));
}

function readPassage(path: string, passage: unknown, index: number): WithholdWish {
  const refuse = (field: string, rule: string): InputError =>
    new InputError(path, "a passage is not as expected", {
      fields: [`passages.${index}${field === "" ? "" : `.${field}`} (${rule})`],
    });
  if (typeof passage !== "object" || passage === null || Array.isArray(passage))
    throw refuse("", "wrong-type");
  const given = passage as Record<string, unknown>;
  refuseUnknown(path, given, ["entry", "field", "code", "reason"]);
  const { entry, field, code, reason } = given;
  if (typeof entry !== "string" || !/^[0-9a-f]{32}$/.test(entry))
    throw refuse("entry", "wrong-format");
  if (field !== undefined && (typeof field !== "string" || field === ""))
    throw refuse("field", "wrong-type");
  const known = CODES.find((each) => each === code);
  if (known === undefined) throw refuse("code", `one of ${CODES.join(", ")}`);
  const isLine = typeof reason === "string" && /^[^\p{Cc}]+$/u.test(reason);
  if (!isLine || reason.length > REASON_MAX) throw refuse("reason", "wrong-format");
  return { entry, ...(field !== undefined && { field }), code: known, reason };
}
