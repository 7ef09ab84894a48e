/**
 * Versions of the requests and answers (docs/protocol.md §12) that this program speaks: a service answers all of them, a client
 * sends the newest.
 */
export const WIRE = { oldest: 1, newest: 1 } as const;
