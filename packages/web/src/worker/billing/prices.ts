import type { Client } from "@sinetti/client";
import type { Prices } from "@sinetti/practice";

const CELL = "billing/prices";

/** The prices that were used last on this device; null: none yet. */
export async function lastPrices({ context: { device } }: Client): Promise<Prices | null> {
  const kept = await device.read(CELL);
  return kept === null ? null : (JSON.parse(new TextDecoder().decode(kept)) as Prices);
}

/** Keeps prices for the next invoice, sealed on this device. */
export async function keepPrices({ context: { device } }: Client, prices: Prices): Promise<void> {
  await device.write([device.seal(CELL, new TextEncoder().encode(JSON.stringify(prices)))]);
}
