import {
  RIGHTS,
  rolesAt,
  type FileId,
  type MemberId,
  type PracticeState,
  type Secret,
  type SiteId,
} from "@sinetti/core";
import { importFileId } from "@sinetti/core/secret";
import type { Client } from "../client.ts";
import type { Context } from "../context.ts";
import { memberGrant, type FileWish, type GrantWish } from "../createFiles.ts";
import type { Directory } from "./directory.ts";
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

/**
 * A schedule to be created: the site's office holds it, the site's therapists, and whoever creates it, so that a practice without an
 * office has one too.
 */
export function scheduleWish(
  { context, member: self }: Client,
  { file, site, therapists = [] }: { file: FileId; site: SiteId; therapists?: readonly MemberId[] },
): FileWish {
  const grants = [
    ...officeGrants(context, site),
    ...therapists
      .filter((member) => member !== self)
      .map((member) => therapistGrant(context, member)),
  ];
  return { file, compartment: "schedule", case: null, site, grants };
}

/** The grant of a schedule to a therapist of its site. */
export function therapistGrant(context: Context, member: MemberId): GrantWish {
  return memberGrant(context, { member, rights: RIGHTS.read | RIGHTS.write, reason: "care" });
}

/** The therapists who hold the schedules of a site: those whose line in the directory names it, or no site at all. */
export function therapistsOf(
  practice: PracticeState,
  { values }: Directory,
  site: SiteId,
): MemberId[] {
  return (Object.keys(practice.members) as MemberId[]).filter((member) => {
    const line = values.get(`member/${member}`);
    const isHere = line?.kind !== "member" || (line.sites?.includes(site) ?? true);
    return isHere && rolesAt(practice, member).includes("therapist");
  });
}
