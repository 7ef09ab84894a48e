import { decideEdges, isLowRisk, openRound, readRound, type Decided } from "@sinetti/client";
import {
  REVIEW_REASONS,
  REVIEW_VERDICTS,
  weekOf,
  type MemberId,
  type OrderId,
} from "@sinetti/core";
import type { Command } from "commander";

import { EXIT } from "../failure.ts";
import { readId } from "../input/values.ts";
import { UsageError } from "../inputError.ts";
import type { Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, argument, type Words } from "./command.ts";
import { addReviewDatabaseCommands, readDatabaseEdges } from "./reviewDatabases.ts";
import { printRounds } from "./reviewList.ts";
import { closeToFiles, verifyFile } from "./reviewRecord.ts";
import { readWishes } from "./reviewWish.ts";

const EXAMPLE = "7c1e0f5a9b3d42c6a8f0e1d2c3b4a596";

/** `sinetti review`. */
export function addReviewCommands(program: Command): void {
  const group = program
    .command("review")
    .description("Rounds of review: who may open what, renewed or ended (privacy officer)");
  addCommand(group, {
    usage: "open",
    summary: "Open a round: freeze who may open what now, with last use and what speaks against it",
    options: [
      ["--member <member>", "the accesses of one member or team alone"],
      ["--ending", "those alone that end within two weeks"],
      ["--databases <file>", "with what `review databases` wrote on the databases' host"],
    ],
    example: "sinetti review open --ending",
    run: open,
  });
  addCommand(group, {
    usage: "list [round]",
    summary: "List the rounds and what is due, or the accesses of a round, whoever opened it",
    example: "sinetti review list",
    run: (shell, words) => withClient(shell, (client) => printRounds(client, words.args[0])),
  });
  addCommand(group, {
    usage: "decide <round>",
    summary: "Keep all that nothing speaks against, or decide on single accesses",
    options: [
      ["--keep-low-risk", "keep every access that nothing speaks against"],
      ["--edges <numbers...>", "the accesses, by their numbers in `review list`"],
      ["--verdict <verdict>", REVIEW_VERDICTS.join(", ")],
      ["--rights <rights>", "what is left after narrow: read; or read,write"],
      ["--until <date>", "YYYY-MM-DD; the policy's longest when left out"],
      ["--reason <reason>", REVIEW_REASONS.join(", ")],
    ],
    example: `sinetti review decide ${EXAMPLE} --keep-low-risk`,
    run: decide,
  });
  addCommand(group, {
    usage: "close <round>",
    summary:
      "Close a round: sign its decisions, and write its record; what is left past its day is taken away, the rest ends on its day",
    options: [
      ["--out <file>", "the record on paper: .pdf, or text", "required"],
      ["--record <file>", "the record as a file that `review verify` reads", "required"],
    ],
    example: `sinetti review close ${EXAMPLE} --out review.pdf --record review.cbor`,
    run: closeToFiles,
  });
  addCommand(group, {
    usage: "verify <record>",
    summary: "Hold the record of a round, or its paper, against the practice chain",
    example: "sinetti review verify review.cbor",
    run: verifyFile,
  });
  addReviewDatabaseCommands(group);
}

async function open(shell: Shell, words: Words): Promise<Printed> {
  const subject = words.text("member");
  const isEnding = words.flag("ending");
  if (subject !== undefined && isEnding) throw new UsageError("--member or --ending, not both");
  const file = words.text("databases");
  const databases = file === undefined ? [] : readDatabaseEdges(file);
  return withClient(shell, (client) =>
    shell.output.progress(async (move) => {
      const now = weekOf(client.context.world.clock.now());
      const scope =
        subject !== undefined
          ? { by: "subject" as const, subject: readId<MemberId>(subject, "--member") }
          : isEnding
            ? { by: "ending" as const, endsBy: now + 2 }
            : { by: "practice" as const };
      const round = await openRound(client, {
        scope,
        databases,
        onProgress: (files) => move(files, files),
      });
      const { edges } = round;
      const lowRisk = edges.filter(({ edge }) => isLowRisk(edge)).length;
      const json = { round: round.round, edges: edges.length, lowRisk };
      return {
        json,
        text: `Round ${round.round}: ${edges.length} accesses, ${edges.length - lowRisk} to look at one by one.`,
      };
    }),
  );
}

async function decide(shell: Shell, words: Words): Promise<Printed> {
  const id = readId<OrderId>(argument(words, 0), "round");
  const inBulk = words.flag("keepLowRisk");
  if (inBulk === words.list("edges").length > 0)
    throw new UsageError("--keep-low-risk, or --edges with --verdict");
  return withClient(shell, async (client) => {
    const round = await readRound(client, id);
    const wishes = readWishes(words, round);
    return printDecided(await decideEdges(client, { round: id, wishes, inBulk }));
  });
}

function printDecided(decided: readonly Decided[]): Printed {
  const refused = decided.flatMap((each) =>
    each.ok ? [] : [{ edge: each.edge, reason: each.reason }],
  );
  const done = decided.flatMap((each) => (each.ok ? [each.decision] : []));
  const lines = refused.map(({ edge, reason }) => `${edge} was refused: ${reason}`);
  return {
    json: { decided: done.length, refused },
    text: [`${done.length} decided.`, ...lines].join("\n"),
    exit: refused.length > 0 ? EXIT.refused : EXIT.done,
  };
}
