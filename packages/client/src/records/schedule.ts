import { RIGHTS, type FileId, type Secret, type SiteId } from "@sinetti/core";
import { importFileId } from "@sinetti/core/secret";
import type { Client } from "../client.ts";
import { memberGrant, type FileWish } from "../createFiles.ts";
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

/** A schedule to be created: the office holds it, and who creates it reads and writes. */
export function scheduleWish(
  client: Client,
  { file, site }: { file: FileId; site: SiteId },
): FileWish {
  const { context, member, roles } = client;
  const own = memberGrant(context, {
    member,
    rights: RIGHTS.read | RIGHTS.write,
    reason: "care",
  });
  return {
    file,
    compartment: "schedule",
    case: null,
    site,
    grants: [...officeGrants(context), ...(roles.includes("therapist") ? [own] : [])],
    own: false,
  };
}
