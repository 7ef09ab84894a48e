import { readTable, type Invitee, type TableProblem } from "@sinetti/client";
import { LIMITS, ROLES, type Role, type SiteId } from "@sinetti/core";
import type { DirectorySite } from "@sinetti/practice";

import { InputError } from "../inputError.ts";
import { readBytes } from "../input/readBytes.ts";

const COLUMNS = {
  name: ["name", "nimi"],
  roles: ["roles", "role", "roolit", "rooli"],
  site: ["site", "team", "office team", "toimipiste", "toimipaikka", "tiimi"],
} as const;
const NAME_LENGTH = 200;

/** Finnish words for the roles; the English ones are the roles' own. */
const FINNISH: Readonly<Record<string, Role>> = {
  terapeutti: "therapist",
  työnohjaaja: "supervisor",
  toimisto: "office",
  vastaanotto: "office",
  tietosuojavastaava: "privacy",
  ylläpitäjä: "admin",
  pääkäyttäjä: "admin",
  arvioija: "reviewer",
};

/** The people in a file of staff: `name`, `roles` and optionally `site`, in English or Finnish. Error: InputError naming each row and field. */
export function readStaffFile(path: string, sites: readonly DirectorySite[]): Invitee[] {
  const table = readTable(readBytes(path), COLUMNS);
  if (!table.ok) throw rejected(path, table.problems);
  const problems: TableProblem[] = (["name", "roles"] as const)
    .filter((column) => !table.columns.includes(column))
    .map((field) => ({ row: 1, field, rule: "column-missing" }));
  if (problems.length > 0) throw rejected(path, problems);
  if (table.rows.length > LIMITS.invitations)
    throw rejected(path, [{ row: LIMITS.invitations + 2, field: "file", rule: "too-many-rows" }]);
  const invitees: Invitee[] = [];
  const names = new Set<string>();
  for (const { row, cells } of table.rows) {
    const wrong = (field: string, rule: string): number => problems.push({ row, field, rule });
    const name = cells.name.replace(/\s+/g, " ");
    if (name === "") wrong("name", "missing");
    else if (name.length > NAME_LENGTH) wrong("name", "too-long");
    else if (names.has(name)) wrong("name", "twice");
    names.add(name);
    const roles = readRoleCell(cells.roles, (rule) => wrong("roles", rule));
    const site = findSite(cells.site, sites);
    if (site === undefined) wrong("site", "unknown");
    invitees.push({ name, roles, site: site ?? null });
  }
  if (table.rows.length === 0) problems.push({ row: 1, field: "file", rule: "empty" });
  if (problems.length > 0) throw rejected(path, problems);
  return invitees;
}

/** Each row and field that is wrong, never what stands there. */
export function rejected(path: string, problems: readonly TableProblem[]): InputError {
  const fields = problems.map(({ row, field, rule }) => `row ${row} ${field} (${rule})`);
  return new InputError(path, "the table is not taken", { fields });
}

function readRoleCell(cell: string, wrong: (rule: string) => void): Role[] {
  const words = cell.split(/[;,/|+]/).map((word) => word.trim().toLowerCase());
  const roles = words.filter((word) => word !== "").map((word) => FINNISH[word] ?? word);
  const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role);
  if (roles.length === 0) wrong("missing");
  else if (!roles.every(isRole)) wrong("unknown");
  else if (new Set(roles).size !== roles.length) wrong("twice");
  else if (roles.includes("reviewer") && roles.length > 1) wrong("reviewer-alone");
  else return roles;
  return [];
}

/** The site that a cell names; null for an empty cell, undefined for a site that the directory does not know. */
function findSite(cell: string, sites: readonly DirectorySite[]): SiteId | null | undefined {
  if (cell === "") return null;
  const word = cell.toLowerCase();
  return sites.find(({ name }) => name.toLowerCase() === word)?.id as SiteId | undefined;
}
