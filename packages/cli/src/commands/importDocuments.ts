import { importDocuments, type DocumentReport } from "@sinetti/client";

import { EXIT } from "../failure.ts";
import { findDocuments, type DocumentOwner } from "../input/documents.ts";
import { InputError, UsageError } from "../inputError.ts";
import { table, type Printed } from "../output.ts";
import { withClient } from "../session.ts";
import type { Shell } from "../shell.ts";
import type { CommandSpec, Words } from "./command.ts";
import { resumable } from "./resumable.ts";

/** `sinetti import documents`. */
export const IMPORT_DOCUMENTS: CommandSpec = {
  usage: "documents <path...>",
  summary: "Import PDFs and other files as sealed attachments of care records",
  options: [
    ["--patient <id>", "all are this patient's: the record's id, or the number at the old system"],
    ["--by <what>", "filename: A12_letter.pdf and A12/letter.pdf are patient A12's"],
    ["--index <file>", "CSV with the columns file, patient, and if known title, date, kind"],
    ["--dry-run", "find every patient, write nothing"],
  ],
  example: "sinetti import documents ./lausunnot --by filename",
  run,
};

async function run(shell: Shell, words: Words): Promise<Printed> {
  const started = performance.now();
  const sources = await findDocuments(words.args, readOwner(words));
  if (sources.length === 0) throw new InputError(words.args.join(", "), "there is no file here");
  const report = await withClient(shell, (client) =>
    resumable(shell, () =>
      shell.output.progress((onProgress) =>
        importDocuments(client, sources, {
          dryRun: words.flag("dryRun"),
          onProgress,
          isStopped: () => shell.interrupt.isAsked,
        }),
      ),
    ),
  );
  const seconds = Math.round(performance.now() - started) / 1000;
  const isNothing = report.byType.documents === 0 && !shell.interrupt.isAsked;
  return {
    json: { ...report, seconds },
    text: reportText(report, { seconds, isDry: words.flag("dryRun") }),
    exit: isNothing ? EXIT.input : EXIT.done,
  };
}

function readOwner(words: Words): DocumentOwner {
  const [patient, by, index] = [words.text("patient"), words.text("by"), words.text("index")];
  if ([patient, by, index].filter((each) => each !== undefined).length !== 1)
    throw new UsageError("Give one of --patient, --by filename and --index");
  if (patient !== undefined) return { by: "patient", patient };
  if (index !== undefined) return { by: "index", path: index };
  if (by !== "filename") throw new UsageError("--by: filename");
  return { by: "filename" };
}

function reportText(
  { entries, unchanged, rejected, byType }: DocumentReport,
  { seconds, isDry }: { seconds: number; isDry: boolean },
): string {
  const done = isDry
    ? `Dry run: ${byType.documents} documents have a patient, ${unchanged} of them are here already. Nothing was written.`
    : `${entries} documents, ${unchanged} were here already, ${seconds} s`;
  const left = rejected.map(({ file, reason }) => ["left out", file, reason]);
  return left.length === 0 ? done : `${done}\n${table(left)}`;
}
