import postgres from "postgres";

import type { StoreName } from "./broken.ts";

/** How a database is reached: as a role that row security does not bind. */
export interface StoreAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}
export type StoreAddresses = Readonly<Record<StoreName, StoreAddress>>;

/** One connection inside one snapshot that nothing writes through. */
export interface Store {
  readonly tx: postgres.ReservedSql;
  /** The snapshot's name, for more connections that see the same. */
  readonly snapshot: string;
  close(): Promise<void>;
}
export type Stores = Readonly<Record<StoreName, Store>>;

/** The role is bound by row security, and would see nothing without a fault. */
export class BlindRoleError extends Error {
  override readonly name = "BlindRoleError";
  readonly code = "blind-role";
  constructor() {
    super("the role is bound by row security: name a superuser, or one with BYPASSRLS");
  }
}

/** Opens a read-only snapshot; `snapshot`: the one of a connection that is open. Errors: BlindRoleError, and the driver's. */
export async function openStore(address: StoreAddress, snapshot?: string): Promise<Store> {
  const sql = postgres({ ...address, max: 1, onnotice: () => undefined });
  try {
    const tx = await sql.reserve();
    await tx`begin isolation level repeatable read read only`;
    if (snapshot !== undefined) await tx.unsafe(`set transaction snapshot '${snapshot}'`);
    const [seen] = await tx<{ sees: boolean; name: string }[]>`
      select rolsuper or rolbypassrls as sees, pg_export_snapshot() as name
      from pg_roles where rolname = current_user`;
    if (seen?.sees !== true) throw new BlindRoleError();
    return {
      tx,
      snapshot: seen.name,
      close: async () => {
        await tx`rollback`;
        tx.release();
        await sql.end({ timeout: 5 });
      },
    };
  } catch (error) {
    await sql.end({ timeout: 5 });
    throw error;
  }
}

/**
 * Snapshots of all three. The vaults first: what the gate has accepted reaches them later, so a vault that is ahead is
 * broken, and one that is behind is looked at a second time before anybody is told.
 */
export async function openStores(addresses: StoreAddresses): Promise<Stores> {
  const opened: Store[] = [];
  const open = async (name: StoreName): Promise<Store> => {
    const store = await openStore(addresses[name]);
    opened.push(store);
    return store;
  };
  try {
    return { who: await open("who"), what: await open("what"), gate: await open("gate") };
  } catch (error) {
    await Promise.all(opened.map((store) => store.close()));
    throw error;
  }
}

/** Closes all three. */
export async function closeStores(stores: Stores): Promise<void> {
  await Promise.all(Object.values(stores).map((store) => store.close()));
}
