import {
  GATE_ROUTES,
  type AccessState,
  type FileId,
  type MemberId,
  type Shaped,
  type TeamId,
} from "@sinetti/core";
import type { Context } from "../context.ts";
import { hardStop } from "../errors.ts";
import { foldAccess } from "../heldAccess.ts";

type Answer = Shaped<(typeof GATE_ROUTES)["reviewRead"]["answer"]>;

/** Files that are asked for by name in one request. */
const FILES = 128;

/** A file under review: its chain as verified here, and what the gate's log says of it. */
export interface ReviewedFile {
  readonly access: AccessState;
  readonly uses: Answer["files"][number]["uses"];
  readonly isCanary: boolean;
  /** Unix seconds, by the gate's clock. */
  readonly createdAt: number;
}

/** Which files: all on which grants stand, those on which one ends soon, those that nobody may hand on, those of one member or team, or these. */
export type ReviewScope =
  | { readonly by: "practice" }
  | { readonly by: "ending"; readonly endsBy: number }
  /** Those that nobody who is there may hand on. */
  | { readonly by: "unheld" }
  | { readonly by: "subject"; readonly subject: MemberId | TeamId }
  | { readonly by: "files"; readonly files: readonly FileId[] };

/** The files of a scope, each chain verified link by link. ServiceRefusal `not-authorised` for who is no privacy officer. */
export async function readReviewed(
  context: Context,
  scope: ReviewScope,
  onProgress: (files: number) => void = () => undefined,
): Promise<Map<FileId, ReviewedFile>> {
  const found = new Map<FileId, ReviewedFile>();
  for (const part of partsOf(scope))
    for (let after: FileId | null = null, more = true; more;) {
      const answer: Answer = await readPage(context, { ...part, after });
      // After the answer: a statement in it may cite a place that came into the practice chain a moment before.
      await context.practice.sync(context.services);
      for (const each of answer.files) found.set(each.file, verified(context, each));
      onProgress(found.size);
      after = answer.next;
      more = after !== null;
    }
  return found;
}

type Part = Omit<Shaped<(typeof GATE_ROUTES)["reviewRead"]["request"]>, "after">;

function partsOf(scope: ReviewScope): Part[] {
  const all: Part = { subject: null, files: null, endsBy: null, unheld: false };
  if (scope.by === "unheld") return [{ ...all, unheld: true }];
  if (scope.by === "ending") return [{ ...all, endsBy: scope.endsBy }];
  if (scope.by === "subject") return [{ ...all, subject: scope.subject }];
  if (scope.by === "practice") return [all];
  const parts: Part[] = [];
  for (let start = 0; start < scope.files.length; start += FILES)
    parts.push({ ...all, files: scope.files.slice(start, start + FILES) });
  return parts;
}

async function readPage(context: Context, ask: Part & { after: FileId | null }): Promise<Answer> {
  return (await context.services.call("gate", GATE_ROUTES.reviewRead, ask)).answer;
}

function verified(context: Context, each: Answer["files"][number]): ReviewedFile {
  const access = foldAccess(context, null, each.links);
  if (access === null || access.file !== each.file)
    throw hardStop("the gate gave another record's chain");
  return { access, uses: each.uses, isCanary: each.canary, createdAt: each.createdAt };
}
