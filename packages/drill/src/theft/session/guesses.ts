import { ServiceRefusal, lookUpPatients, openDirectory, type Client } from "@sinetti/client";
import { GATE_ROUTES, randomBytes, type FileId } from "@sinetti/core";

import type { Door } from "./doors.ts";

/** What guessing names gave. */
export interface Guessed {
  /** Guesses that the gate answered, and its word to the next. */
  readonly asked: Door;
  /** Of these, names that somebody in the practice has. */
  readonly known: Door;
}

/** Guesses beyond what the policy allows, so that the refusal is seen and no more is asked. */
const BEYOND = 5;

/** Asks the lookup for names one after the other, until the gate ends it. */
export async function guessNames(
  client: Client,
  names: readonly string[],
  limit: number,
): Promise<Guessed> {
  const tried = names.slice(0, limit + BEYOND);
  let [answered, known] = [0, 0];
  let said: string | null = null;
  await openDirectory(client.context);
  for (const name of tried) {
    try {
      if ((await lookUpPatients(client, { name })).length > 0) known++;
      answered++;
    } catch (error) {
      if (!(error instanceof ServiceRefusal)) throw error;
      said = error.problem;
      break;
    }
  }
  const refused = said === null ? [] : [said];
  return {
    asked: { door: "lookups", tried: answered + refused.length, got: answered, said: refused },
    known: { door: "lookups-known", tried: answered, got: known, said: [] },
  };
}

/** Asks for lookup tokens as if to list one own file, one by one, until the gate ends it: each is a guess beside the meter. */
export async function indexTokens({ context }: Client, file: FileId): Promise<Door> {
  let got = 0;
  for (;;) {
    try {
      await context.services.call("gate", GATE_ROUTES.lookup, { file, tokens: [randomBytes(32)] });
      got++;
    } catch (error) {
      if (!(error instanceof ServiceRefusal)) throw error;
      return { door: "index-tokens-a-file", tried: got + 1, got, said: [error.problem] };
    }
  }
}
