import {
  RIGHTS,
  hexToBytes,
  parseId,
  rolesAt,
  type FileId,
  type MemberId,
  type SiteId,
} from "@sinetti/core";
import { importFileId, importKeyFromBytes } from "@sinetti/core/secret";
import type { InvoicingUnit, LedgerState } from "@sinetti/practice";
import type { Client } from "../client.ts";
import { memberGrant, type FileWish, type GrantWish } from "../createFiles.ts";
import { ClientError, isRefusal } from "../errors.ts";
import { filesThere } from "../filesThere.ts";
import type { KnownFile } from "../fileCache.ts";
import { openFiles } from "../openFiles.ts";
import { openDirectory, type Directory } from "./directory.ts";
import { changeManyFolded, foldOpenLedger, type FoldedChange } from "./folded.ts";
import { tryCreate } from "./importGroup.ts";
import { unitOf } from "./invoicingUnits.ts";
import { officeGrants } from "./patients.ts";
import { holdsGrant, shareLate } from "./shareLate.ts";

/** Which ledger. */
export interface LedgerPlace {
  /** Id of the invoicing unit. */
  readonly unit: string;
  readonly year: number;
}

/** A ledger with the place up to which it was read. */
type OpenLedger = ReturnType<typeof foldOpenLedger>;

const TRIES = 16;

/** A unit's ledger of one year, open; with the one before, since what that one bills is not billed again. */
export class LedgerBook {
  readonly client: Client;
  readonly unit: InvoicingUnit;
  readonly year: number;
  readonly #file: KnownFile;
  /** As it stands, by the ledger's rules. */
  state: OpenLedger;
  readonly before: LedgerState | null;

  private constructor(
    client: Client,
    place: {
      unit: InvoicingUnit;
      year: number;
      file: KnownFile;
      state: OpenLedger;
      before: LedgerState | null;
    },
  ) {
    this.client = client;
    this.unit = place.unit;
    this.year = place.year;
    this.#file = place.file;
    this.state = place.state;
    this.before = place.before;
  }

  /** Opens a ledger, and makes it at first use. Errors: `input-rejected` for an unknown unit, `refused`. */
  static async open(client: Client, place: LedgerPlace): Promise<LedgerBook> {
    const { context } = client;
    const { year } = place;
    const directory = await openDirectory(context);
    const unit = unitOf(directory, place.unit);
    const refs = [year, year - 1].map((each) => ({
      file: ledgerFile(directory, { ...place, year: each }),
      vault: "who" as const,
    }));
    const [ref] = refs;
    if (ref === undefined) throw new TypeError("no ledger was asked for");
    const found = await filesThere(context, refs);
    if (!found.includes(ref)) {
      await tryCreate(client, [ledgerWish(client, { file: ref.file, unit })]);
      found.unshift(ref);
    }
    const opened = await openFiles(context, found, { purpose: "billing" });
    const [own] = opened;
    if (own === undefined || own.file === null)
      throw new ClientError("refused", { detail: `gate: ${own?.outcome ?? "unknown-file"}` });
    const last = opened[1]?.file ?? null;
    // Read at once: what others append meanwhile is heard of before it is there.
    const state = foldOpenLedger(context, own.file);
    const before = last === null ? null : foldOpenLedger(context, last);
    if (holdsGrant(client, own.file)) await shareLate(client, own.file, ledgerGrants(client, unit));
    return new LedgerBook(client, { unit, year, file: own.file, state, before });
  }

  /**
   * Writes what `decide` makes of the ledger as it stands, and only if nobody has written meanwhile: else it is decided again. So a
   * number is given once, and none is left out. Null from `decide`: nothing is written.
   */
  async write<T>(
    decide: (state: LedgerState) => {
      changes: readonly FoldedChange<"ledger">[] | null;
      result: T;
    },
  ): Promise<T> {
    const { context } = this.client;
    for (let tries = 1; ; tries++) {
      const { changes, result } = decide(this.state);
      if (changes === null) return result;
      const { after, valueByKey } = this.state;
      const folded = { file: this.#file, values: new Map(valueByKey), after };
      try {
        await changeManyFolded(context, [{ folded, changes }], {
          compartment: "ledger",
          isExact: true,
        });
        this.state = { ...this.state, valueByKey: folded.values, after: folded.after };
        return result;
      } catch (error) {
        if (!isRefusal(error, "conflict", "broken-chain") || tries >= TRIES) throw error;
        const opened = await openFiles(context, [this.#file], { purpose: "billing" });
        const file = opened[0]?.file;
        if (file === undefined || file === null) throw error;
        this.state = foldOpenLedger(context, file);
      }
    }
  }
}

/** The ledger of a unit and year: everybody on the staff finds it by the same id, so that no year gets two. */
function ledgerFile({ values }: Directory, { unit, year }: LedgerPlace): FileId {
  const practice = values.get("practice");
  if (practice?.kind !== "practice")
    throw new ClientError("not-ready", { detail: "the directory names no practice" });
  const key = importKeyFromBytes(hexToBytes(practice.importKey));
  return importFileId(key, new TextEncoder().encode(`ledger\n${unit}\n${year}`));
}

function therapistGrants(client: Client, { therapists }: InvoicingUnit): GrantWish[] {
  const rights = RIGHTS.read | RIGHTS.write;
  return therapists
    .map((id) => parseId<MemberId>(id))
    .filter((member) => member !== client.member)
    .filter((member) => rolesAt(client.practice, member).includes("therapist"))
    .map((member) => memberGrant(client.context, { member, rights, reason: "billing" }));
}

/** The office holds it, the therapists who invoice in the unit's name, and whoever makes it. */
function ledgerWish(
  client: Client,
  { file, unit }: { file: FileId; unit: InvoicingUnit },
): FileWish {
  const grants = ledgerGrants(client, unit);
  return { file, compartment: "ledger", case: null, site: siteOf(unit), grants };
}

const ledgerGrants = (client: Client, unit: InvoicingUnit): GrantWish[] => [
  ...officeGrants(client.context, siteOf(unit)),
  ...therapistGrants(client, unit),
];

const siteOf = ({ site }: InvoicingUnit): SiteId | null =>
  site === undefined ? null : parseId<SiteId>(site);
