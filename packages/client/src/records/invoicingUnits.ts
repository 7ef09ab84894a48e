import { directoryKey, type InvoicingUnit } from "@sinetti/practice";
import type { Context } from "../context.ts";
import { ClientError } from "../errors.ts";
import { openDirectory, type Directory } from "./directory.ts";
import { changeFolded } from "./folded.ts";

/** An invoicing unit's settings. */
export type UnitWish = Omit<InvoicingUnit, "kind">;

/** The practice's invoicing units, by name. */
export function invoicingUnits({ values }: Directory): InvoicingUnit[] {
  return [...values.values()]
    .filter((value) => value.kind === "unit")
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** One unit. Error: `input-rejected` for one that the directory does not name. */
export function unitOf({ values }: Directory, id: string): InvoicingUnit {
  const unit = values.get(`unit/${id}`);
  if (unit?.kind !== "unit") throw new ClientError("input-rejected", { detail: "unit: unknown" });
  return unit;
}

/** Writes a unit's settings into the directory, as an administrator may. Error of practice: `record-invalid`. */
export async function putUnit(context: Context, wish: UnitWish): Promise<void> {
  const directory = await openDirectory(context);
  const value: InvoicingUnit = { kind: "unit", ...wish };
  await changeFolded(context, directory, {
    compartment: "directory",
    changes: [{ key: directoryKey(value), value }],
  });
}
