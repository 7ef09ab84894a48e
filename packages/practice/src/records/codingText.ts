import type { Coding } from "./fields.ts";

/** What a code means, with the code. */
export function codingText({ code, text, system }: Coding): string {
  if (text === undefined) return code ?? system ?? "–";
  return code === undefined ? text : `${code} ${text}`;
}
