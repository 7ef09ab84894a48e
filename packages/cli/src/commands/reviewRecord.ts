import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";

import {
  closeRound,
  decodeReviewRecord,
  encodeReviewRecord,
  isReviewPaper,
  lapsedEdges,
  readReviewRecord,
  readRound,
  reviewPaper,
  signReviewPaper,
  verifyReviewPaper,
  verifyReviewRecord,
} from "@sinetti/client";
import { closerOf, reviewOf, type OrderId } from "@sinetti/core";

import { readBytes } from "../input/readBytes.ts";
import { readId } from "../input/values.ts";
import type { Printed } from "../output.ts";
import { refuseExisting, writePaper } from "../paperFile.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { argument, needed, type Words } from "./command.ts";

/** Closes a round and writes its record, as a file and as signed paper. */
export async function closeToFiles(shell: Shell, words: Words): Promise<Printed> {
  const id = readId<OrderId>(argument(words, 0), "round");
  const [out, file] = [needed(words, "out"), needed(words, "record")];
  refuseExisting([out, file]);
  return withClient(shell, async (client) => {
    const { state } = await readRound(client, id);
    const record =
      state.closed === null ? await closeRound(client, id) : await readReviewRecord(client, id);
    const bytes = encodeReviewRecord(record);
    writeFileSync(file, bytes, { flag: "wx", mode: 0o600 });
    const closing = verifyReviewRecord(client.practice, record).state;
    const isClosers = closerOf(closing) === client.member;
    await writePaper(out, await reviewPaper(client, record), {
      sign: (paper) => (isClosers ? signReviewPaper(client, id, paper) : paper),
    });
    const { closed } = closing;
    const lapsed = (await lapsedEdges(client, await readRound(client, id))).size;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const { kept, narrowed, revoked, left } = closed ?? {
      kept: 0,
      narrowed: 0,
      revoked: 0,
      left: 0,
    };
    return {
      json: { round: id, file: out, record: file, sha256, kept, narrowed, revoked, left, lapsed },
      text: `Closed: ${kept} kept, ${narrowed} narrowed, ${revoked} revoked, ${left} left; of these ${lapsed} have lapsed and are gone, the others end on their day.`,
    };
  });
}

/** Holds a record, or its paper, against the practice chain. */
export async function verifyFile(shell: Shell, words: Words): Promise<Printed> {
  const bytes = readBytes(argument(words, 0));
  if (isReviewPaper(bytes)) return verifyPaper(shell, bytes);
  const record = decodeReviewRecord(bytes);
  return withClient(shell, async (client) => {
    await client.context.practice.sync(client.context.services);
    const { round, state, decisions } = verifyReviewRecord(client.practice, record);
    return {
      json: {
        round,
        by: state.by,
        closedBy: closerOf(state),
        edges: state.edges,
        decisions: decisions.length,
      },
      text: `The record holds: ${decisions.length} decisions on ${state.edges} accesses, as they were signed.`,
    };
  });
}

async function verifyPaper(shell: Shell, paper: Uint8Array): Promise<Printed> {
  return withClient(shell, async (client) => {
    const { practice, context } = client;
    await context.practice.sync(context.services);
    const round = verifyReviewPaper(practice, paper);
    const state = reviewOf(practice, round);
    return {
      json: { round, by: state?.by, closedBy: state === null ? null : closerOf(state) },
      text: `The paper is as it was signed by whoever closed round ${round}.`,
    };
  });
}
