import { CsvError } from "./csvError.ts";
import { orderHint } from "./dates.ts";
import type { DateOrder, DateReading } from "./dates.ts";

/** What all dates of one column say about how to read them. */
export class DateColumn {
  #dayFirst = 0;
  #monthFirst = 0;
  #either = 0;
  #short = 0;

  /** Looks at one value; what is no date says nothing. */
  add(text: string): void {
    const hint = orderHint(text);
    if (hint?.isShort === true) this.#short++;
    if (hint === undefined || hint.isPlain) return;
    if (hint.orders.length > 1) this.#either++;
    else if (hint.orders[0] === "dmy") this.#dayFirst++;
    else this.#monthFirst++;
  }

  /**
   * How to read the column: as told, else as the values decide that can be read in one way only. Throws `date-order-unknown` when they
   * decide nothing or both, `pivot-missing` for years of two digits without a pivot; `column` is named.
   */
  decide(
    column: string,
    told: { order: DateOrder | null; pivot: number | null; zone: string },
  ): DateReading {
    const { pivot, zone } = told;
    if (this.#short > 0 && pivot === null) throw new CsvError("pivot-missing", column);
    if (told.order !== null) return { order: told.order, pivot, zone };
    const [dayFirst, monthFirst] = [this.#dayFirst > 0, this.#monthFirst > 0];
    if (dayFirst !== monthFirst) return { order: dayFirst ? "dmy" : "mdy", pivot, zone };
    if (dayFirst || this.#either > 0) throw new CsvError("date-order-unknown", column);
    return { order: null, pivot, zone };
  }
}
