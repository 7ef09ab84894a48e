import { exportPractice, type PracticeReport } from "@sinetti/client";
import type { Command } from "commander";

import { readRecipients } from "../backup/ageFile.ts";
import { EXIT } from "../failure.ts";
import { diskFolder } from "../export/diskFolder.ts";
import { exportTools } from "../export/exportTools.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import { addCommand, needed, type Words } from "./command.ts";

const RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

/** `sinetti export practice`. */
export function addExportPracticeCommand(group: Command): void {
  addCommand(group, {
    usage: "practice",
    summary:
      "Give every record out that you may open, for leaving: an age file a patient, documents and logs; a second person approves, a second run goes on",
    options: [
      ["--to <recipients...>", "age recipients of who may open it (age1… or age1pq1…)", "required"],
      ["--out <dir>", "the folder to write, new or of an earlier run", "required"],
    ],
    example: `sinetti export practice --to ${RECIPIENT} --out ./leaving`,
    run,
  });
}

async function run(shell: Shell, words: Words): Promise<Printed> {
  const to = { recipients: readRecipients(words.list("to")) };
  const out = needed(words, "out");
  const report = await withClient(shell, (client) =>
    shell.output.progress((onProgress) => {
      const { write: _write, ...tools } = exportTools(shell, {
        onProgress,
        write: () => Promise.resolve(),
      });
      return exportPractice(client, { to, folder: diskFolder(out), tools });
    }),
  );
  const isWhole = report.finished && report.gaps.length === 0;
  return {
    json: { folder: out, ...report },
    text: reportText(out, report),
    exit: isWhole || shell.interrupt.isAsked ? EXIT.done : EXIT.refused,
  };
}

function reportText(folder: string, report: PracticeReport): string {
  const { packages, total, gaps, waitsFor, finished } = report;
  const lines = [`${folder}: ${packages} of ${total} patients are whole.`];
  if (waitsFor !== null)
    lines.push(
      `The gate asks for another approval (${waitsFor}). A colleague runs sinetti openings approve; then run this again: it goes on.`,
    );
  else if (!finished) lines.push("Run the same command again: it goes on where this one stopped.");
  else lines.push("index.age says which file is whose; practice.age holds what is nobody's alone.");
  if (gaps.length > 0)
    lines.push(
      `${gaps.length} files could not be given out, for these reasons:`,
      table(gaps.map((gap) => [gap.package, gap.compartment, gap.outcome])),
    );
  return lines.join("\n");
}
