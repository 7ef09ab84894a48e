import { GATE_ROUTES, VAULT_ROUTES } from "@sinetti/core";
import type { Context } from "./context.ts";
import { isRefusal } from "./errors.ts";
import type { FileRef } from "./fileBook.ts";

/** Hands a vault the accepted statements of a file that it lacks, as the gate holds them. */
export async function handAccessRun(
  context: Context,
  { file, vault }: FileRef,
  from: number,
): Promise<void> {
  let next = from;
  for (let more = true; more;) {
    const { answer } = await context.services.call("gate", GATE_ROUTES.accessRead, {
      file,
      from: next,
    });
    if (answer.links.length === 0) return;
    const body = {
      statements: answer.links.map((link) => link.statement),
      acceptances: answer.links.map((link) => link.acceptance),
      shares: answer.shares,
    };
    await withCatchUp(context, vault, () =>
      context.services.call(vault, VAULT_ROUTES.accessTake, body),
    );
    next += answer.links.length;
    more = answer.more;
  }
}

/** Runs a call to a vault; when the vault lacks a run of the practice chain, hands it over and calls once more. */
export async function withCatchUp<T>(
  context: Context,
  vault: "who" | "what",
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isRefusal(error, "behind", "stale-head", "unknown-practice")) throw error;
    await context.practice.handTo(context.services, vault);
    return call();
  }
}
