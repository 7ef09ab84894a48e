import type { PosturePolicy } from "./policy.ts";

/** What one policy declares and another one does not. */
export interface PolicyChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const isGroup = (value: unknown): value is object => typeof value === "object" && value !== null;
const wordOf = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value) ?? "none");

function listed(value: readonly unknown[], path: string): string[] {
  const words = value.map((one) => `${path}: ${wordOf(one)}`);
  // A list that is empty allows nothing; one that is left out is not compared.
  return words.length === 0 ? [`${path}: none`] : words;
}

/** Each declaration as a line; the same whatever the order and layout of the file. */
function declarations(value: unknown, path: string): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return listed(value, path);
  if (!isGroup(value)) return [`${path}: ${wordOf(value)}`];
  const found = Object.entries(value).flatMap(([key, inner]) =>
    declarations(inner, path === "" ? key : `${path}.${key}`),
  );
  return found.length === 0 && path !== "" ? [`${path}: none`] : found;
}

/** What changed from one policy to another, declaration by declaration; comments, order and layout are no change. */
export function policyChanges(before: PosturePolicy, after: PosturePolicy): PolicyChanges {
  const [old, now] = [before, after].map((policy) => new Set(declarations(policy, "")));
  const without = (all = new Set<string>(), taken = new Set<string>()): string[] =>
    [...all].filter((line) => !taken.has(line)).toSorted();
  return { added: without(now, old), removed: without(old, now) };
}
