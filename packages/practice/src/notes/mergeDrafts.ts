import type { DraftBody } from "../records/draft.ts";

type Flat = Map<string, unknown>;

/** A draft as parts that two people may change apart: each section, each answer, each field of the session. */
function partsOf(draft: DraftBody): Flat {
  const { at: _at, ...rest } = draft;
  const parts: Flat = new Map();
  for (const [field, value] of Object.entries(rest)) {
    if (field === "sections" || field === "session" || field === "answers") continue;
    parts.set(field, value);
  }
  if (draft.type === "noteDraft") {
    for (const [field, value] of Object.entries(draft.session))
      parts.set(`session.${field}`, value);
    for (const { id, text } of draft.sections) parts.set(`section.${id}`, text);
  }
  if (draft.type === "measureDraft")
    draft.answers.forEach((answer, index) => parts.set(`answer.${index}`, answer));
  return parts;
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether two drafts say the same; the time of saving does not count. */
export function isSameDraft(a: DraftBody, b: DraftBody): boolean {
  const [one, two] = [partsOf(a), partsOf(b)];
  return one.size === two.size && [...one].every(([key, value]) => isEqual(value, two.get(key)));
}

/** What a merge gave; `both-changed`: some part was changed on both sides, and neither may be lost. */
export type MergedDraft =
  | { readonly ok: true; readonly value: DraftBody }
  | { readonly ok: false; readonly reason: "both-changed" };

/**
 * Joins what two devices made of one draft since `base`: each part as the side has it that changed it. Nothing is chosen where both
 * changed the same part differently, and nothing is guessed without a base.
 */
export function mergeDrafts(
  base: DraftBody | null,
  ours: DraftBody,
  theirs: DraftBody,
): MergedDraft {
  if (isSameDraft(ours, theirs)) return { ok: true, value: theirs };
  if (base === null || base.type !== ours.type || base.type !== theirs.type)
    return { ok: false, reason: "both-changed" };
  const [before, own, other] = [partsOf(base), partsOf(ours), partsOf(theirs)];
  const taken: Flat = new Map();
  for (const key of new Set([...own.keys(), ...other.keys()])) {
    const [a, b, was] = [own.get(key), other.get(key), before.get(key)];
    if (!isEqual(a, b) && !isEqual(a, was) && !isEqual(b, was))
      return { ok: false, reason: "both-changed" };
    const value = isEqual(a, was) ? b : a;
    if (value !== undefined) taken.set(key, value);
  }
  return { ok: true, value: build(taken, ours, theirs) };
}

function build(parts: Flat, ours: DraftBody, theirs: DraftBody): DraftBody {
  const at = ours.at > theirs.at ? ours.at : theirs.at;
  const plain = Object.fromEntries([...parts].filter(([key]) => !key.includes(".")));
  const under = (prefix: string): [string, unknown][] =>
    [...parts].flatMap(([key, value]): [string, unknown][] =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    );
  if (ours.type === "noteDraft")
    return {
      ...plain,
      at,
      session: Object.fromEntries(under("session.")),
      sections: under("section.").map(([id, text]) => ({ id, text })),
    } as DraftBody;
  if (ours.type === "measureDraft")
    return { ...plain, at, answers: under("answer.").map(([, answer]) => answer) } as DraftBody;
  return { ...plain, at } as DraftBody;
}
