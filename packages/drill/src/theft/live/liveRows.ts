import type { AttemptYields } from "./attempt.ts";
import type { LiveThief } from "./robLive.ts";

const of = (part: number, whole: number): string => `${part} of ${whole}`;

function attemptRows(
  id: LiveThief["id"],
  { attempts, believed, stopped, withheld, unchanged, inRows, namedByFsck }: AttemptYields,
): string[][] {
  return [
    [id, "lies that a client believed", of(believed, attempts)],
    [
      id,
      "hard stop; got less or nothing; saw the truth all the same",
      `${stopped}; ${withheld}; ${unchanged}`,
    ],
    [id, "changed rows that fsck names", of(namedByFsck, inRows)],
  ];
}

/** Rows for people of one live thief. */
export function liveRows({ id, yields }: LiveThief): string[][] {
  switch (id) {
    case "T7":
      return [
        ...attemptRows(id, yields),
        [id, "sentences read in what passes the vaults", String(yields.read)],
      ];
    case "T8":
      return [
        ...attemptRows(id, yields),
        [id, "halves unsealed by the gate's key", of(yields.halves, yields.halvesAtRest)],
        [id, "entries opened with them and every dump", String(yields.opened)],
        [
          id,
          "halves released to a stranger; to a frozen member",
          `${yields.releasedToStranger}; ${yields.releasedToFrozen}`,
        ],
        [id, "records that the frozen member opened", String(yields.openedByFrozen)],
        [
          id,
          "lies of the log: named by fsck; noticed by the device; by neither",
          `${yields.log.namedByFsck}; ${yields.log.noticedByDevice}; ${yields.log.unnoticed.length} of ${yields.log.lies}`,
        ],
        [
          id,
          "openings that the budget counts, before and after",
          `${yields.budget.before}; ${yields.budget.after}`,
        ],
      ];
    case "T9": {
      const { beforeNextWrite: before, afterNextWrite: after } = yields.helped;
      return [
        ...attemptRows(id, yields),
        [
          id,
          "entries a revoked member opens with help, before the next write (not claimed)",
          of(before.opened, before.entries),
        ],
        [id, "the same of what is written next", of(after.opened, after.entries)],
        [
          id,
          "vault and gate put back together: a fresh device; once another remembers",
          `${yields.rolledBack.fresh}; ${yields.rolledBack.onceRemembered}`,
        ],
      ];
    }
    case "T10":
      return [
        [id, "requests that were refused", of(yields.refused, yields.requests)],
        [
          id,
          "entries opened of those written after they left",
          of(yields.after.opened, yields.after.entries),
        ],
        [
          id,
          "entries from before that their program can keep; that the locked device opens",
          `${yields.before.openedByKeptKeys}; ${yields.before.openedByDevice} of ${yields.before.entries}`,
        ],
      ];
    default:
      return [
        [id, "entries opened with one share", of(yields.opened, yields.entries)],
        [id, "ways into the practice that were refused", of(yields.refused, yields.ways)],
        [
          id,
          "a false second share: of another split; made up; damaged",
          Object.values(yields.forged).join("; "),
        ],
      ];
  }
}
