import { bytesToHex, sha256, type FileId } from "@sinetti/core";
import type { Client } from "../client.ts";
import { readApprovals } from "../openings.ts";
import { findGranted } from "../records/adopt.ts";
import { authorTime } from "../records/body.ts";
import { listGranted } from "../records/practiceFiles.ts";
import { openRoster } from "../records/roster.ts";
import { makeEncrypter } from "./ageFile.ts";
import { ExportError } from "./exportError.ts";
import { readFolderManifest, type FolderManifest } from "./exportFolder.ts";
import { PracticeRun, reportOf, type PracticeReport, type PracticeWish } from "./practiceRun.ts";
import { openPracticeParts } from "./readPatientRecord.ts";

/**
 * Gives everything out that this member may open, for leaving: an age file a patient, then what belongs to the practice, then the
 * index. Begins only under another person's approval for an export, and stops for a new one when the gate asks for it. A second run
 * goes on after the last package that is whole. Errors: `approval-missing`, `other-export`, `recipient-invalid`.
 */
export async function exportPractice(client: Client, wish: PracticeWish): Promise<PracticeReport> {
  makeEncrypter(wish.to);
  const { context } = client;
  const approvals = await readApprovals(context);
  if (!approvals.some(({ scope, reason }) => scope === "all" && reason === "export"))
    throw new ExportError("approval-missing");
  const begun = await beginFolder(client, wish);
  if (begun.finished !== null) return reportOf(begun, begun.packages.length, null);
  const patients = await findPatients(client);
  const parts = await openPracticeParts(client);
  const run = new PracticeRun(client, { wish, parts, manifest: begun });
  let waitsFor: string | null = null;
  for (const [index, patient] of patients.entries()) {
    wish.tools.onProgress(index, patients.length + 2);
    if (wish.tools.isStopped()) return run.report(patients.length, null);
    if (await run.has(patient)) continue;
    waitsFor = await run.take(patient);
    if (waitsFor !== null) return run.report(patients.length, waitsFor);
  }
  if (wish.tools.isStopped()) return run.report(patients.length, null);
  await run.finish(patients);
  wish.tools.onProgress(1, 1);
  return run.report(patients.length, null);
}

async function beginFolder(client: Client, { folder, to }: PracticeWish): Promise<FolderManifest> {
  const { practice } = client.context.practice.state;
  const text = [...to.recipients].sort((a, b) => (a < b ? -1 : 1)).join("\n");
  const recipients = bytesToHex(sha256(new TextEncoder().encode(text)));
  const before = await readFolderManifest(folder);
  if (before !== null) {
    if (before.practice !== practice || before.recipients !== recipients)
      throw new ExportError("other-export");
    return before;
  }
  const begun = authorTime(client.context);
  const empty = { packages: [], gaps: [], rest: [], finished: null };
  return { v: 1, kind: "practice-export", practice, begun, recipients, ...empty };
}

/** Patients by their identity files, in order: the caseload and what colleagues have granted; an office has no caseload. */
async function findPatients(client: Client): Promise<FileId[]> {
  const { context } = client;
  if (!client.roles.includes("therapist")) {
    const granted = await listGranted(context, "who");
    const identities = granted.filter(({ compartment }) => compartment === "identity");
    return identities.map(({ file }) => file).sort();
  }
  const roster = await openRoster(context, true);
  const granted = await findGranted(client, roster);
  const listed = [...roster.values.keys()] as FileId[];
  return [...listed, ...granted.map(({ file }) => file)].sort();
}
