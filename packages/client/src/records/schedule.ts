import type { FileId, Secret, SiteId } from "@sinetti/core";
import { importFileId } from "@sinetti/core/secret";
import type { Client } from "../client.ts";
import type { FileWish } from "../createFiles.ts";
import { officeGrants } from "./patients.ts";

/**
 * The schedule of a site and month (`YYYY-MM`): everybody on the staff finds it by the same id, which the practice's import key makes, so
 * that no month gets two.
 */
export function scheduleFile(
  importKey: Secret<"import-key">,
  { site, month }: { site: SiteId; month: string },
): FileId {
  return importFileId(importKey, new TextEncoder().encode(`schedule\n${site}\n${month}`));
}

/** A schedule to be created: the office holds it, and whoever creates it, so that a practice without an office has one too. */
export function scheduleWish(
  { context }: Client,
  { file, site }: { file: FileId; site: SiteId },
): FileWish {
  return { file, compartment: "schedule", case: null, site, grants: officeGrants(context) };
}
