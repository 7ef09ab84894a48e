/** A database with a critical fault that is borne, and until which day. */
export interface Borne {
  readonly database: string;
  readonly until: string;
}

function isBorne(value: unknown): value is Borne {
  if (typeof value !== "object" || value === null) return false;
  const { database, until } = value as Record<string, unknown>;
  const isNamed = typeof database === "string" && /^[a-z]{1,20}$/.test(database);
  return isNamed && typeof until === "string" && /^\d{4}-\d\d-\d\d$/.test(until);
}

/** What the host of this page says of it; each once. */
export function parseBorne(said: unknown): readonly Borne[] {
  const all =
    typeof said === "object" && said !== null && "borne" in said && Array.isArray(said.borne)
      ? said.borne.filter(isBorne)
      : [];
  return [...new Map(all.map((one) => [`${one.database} ${one.until}`, one])).values()];
}

/** Asks the host of this page; nothing where it does not answer. */
export async function readBorne(): Promise<readonly Borne[]> {
  try {
    const answer = await fetch("/.well-known/sinetti", { cache: "no-store", credentials: "omit" });
    return answer.ok ? parseBorne(await answer.json()) : [];
  } catch {
    return [];
  }
}
