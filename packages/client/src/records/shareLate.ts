import { RIGHTS, grantsAt, sitsInTeam, weekOf, type TeamId } from "@sinetti/core";
import { grantToMany } from "../changeAccess.ts";
import type { Client } from "../client.ts";
import type { GrantWish } from "../createFiles.ts";
import { isRefused, mustWait } from "../errors.ts";
import type { KnownFile } from "../fileCache.ts";
import { monthOf } from "./months.ts";
import { officeGrants } from "./patients.ts";
import { therapistGrant, therapistsOf } from "./schedule.ts";
import type { ScheduleBook } from "./scheduleBook.ts";

/** Grants an open file of the practice to those of `wishes` who hold nothing of it that lives; who has come since it was made is among them. */
export async function shareLate(
  client: Client,
  file: KnownFile,
  wishes: readonly GrantWish[],
): Promise<void> {
  const week = weekOf(client.context.world.clock.now());
  const holders = new Set<string>(
    grantsAt(file.access)
      .filter(({ grant }) => grant.expires === 0 || grant.expires > week)
      .map(({ grant }) => grant.subject.id),
  );
  const missing = wishes.filter(({ subject }) => !holders.has(subject.id));
  if (missing.length === 0) return;
  try {
    await grantToMany(client.context, file, missing);
  } catch (error) {
    // A colleague was faster, or a service is down: the next who opens it sees to it.
    if (!isRefused(error) && !mustWait(error)) throw error;
  }
}

/** Grants the open months from this one on to therapists of the site and its office, where they lack them and this member may. */
export async function shareSchedules(book: ScheduleBook): Promise<void> {
  const { client } = book;
  const therapists = therapistsOf(client.practice, book.directory, book.site)
    .filter((member) => member !== client.member)
    .map((member) => therapistGrant(client.context, member));
  const wishes = [...therapists, ...officeGrants(client.context, book.site)];
  for (const month of book.months) {
    const file = book.file(month);
    if (file === undefined || month < monthOf(book.today)) continue;
    if (client.roles.includes("admin") || holdsGrant(client, file))
      await shareLate(client, file, wishes);
  }
}

/** Whether this member may give an open file to others: who made it may, and who sits in an office that holds it. */
export function holdsGrant({ practice, member }: Client, file: KnownFile): boolean {
  return grantsAt(file.access).some(
    ({ grant: { subject, rights } }) =>
      (rights & RIGHTS.grant) !== 0 &&
      (subject.id === member ||
        (subject.type === "team" && sitsInTeam(practice, { team: subject.id as TeamId, member }))),
  );
}
