import { LIMITS, ROLES, type Role, type SiteId } from "@sinetti/core";
import type { DirectorySite } from "@sinetti/practice";
import type { Invitee } from "./invitations.ts";
import { readTable, type TableProblem } from "./readTable.ts";

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

/** The people of a table, or each row and field that is wrong in it, never what stands there. */
export type StaffTable =
  | { readonly ok: true; readonly invitees: readonly Invitee[] }
  | { readonly ok: false; readonly problems: readonly TableProblem[] };

/** Reads a table of staff: `name`, `roles` and optionally `site`, in English or Finnish. */
export function readStaffTable(bytes: Uint8Array, sites: readonly DirectorySite[]): StaffTable {
  const table = readTable(bytes, COLUMNS);
  if (!table.ok) return table;
  const problems: TableProblem[] = (["name", "roles"] as const)
    .filter((column) => !table.columns.includes(column))
    .map((field) => ({ row: 1, field, rule: "column-missing" }));
  if (problems.length > 0) return { ok: false, problems };
  if (table.rows.length > LIMITS.invitations)
    return {
      ok: false,
      problems: [{ row: LIMITS.invitations + 2, field: "file", rule: "too-many-rows" }],
    };
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
  return problems.length > 0 ? { ok: false, problems } : { ok: true, invitees };
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
