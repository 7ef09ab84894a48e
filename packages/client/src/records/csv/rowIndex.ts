import type { RowPlace } from "./csvFile.ts";

const FIRST_ROOM = 1024;

/** Where the rows of a file lie, by whose they are: 24 bytes a row, so that a file of any size needs no room in memory. */
export class RowIndex {
  #count = 0;
  #from = new Float64Array(FIRST_ROOM);
  #numbers = new Uint32Array(FIRST_ROOM * 4);
  #order: Uint32Array | null = null;

  /** How many rows there are. */
  get length(): number {
    return this.#count;
  }

  /** Adds a row of the person at `owner`. */
  add({ from, units, row, line }: RowPlace, owner: number): void {
    if (this.#count === this.#from.length) this.#grow();
    this.#from[this.#count] = from;
    this.#numbers.set([units, row, line, owner], this.#count * 4);
    this.#count++;
    this.#order = null;
  }

  #grow(): void {
    const from = new Float64Array(this.#count * 2);
    const numbers = new Uint32Array(this.#count * 8);
    from.set(this.#from);
    numbers.set(this.#numbers);
    [this.#from, this.#numbers] = [from, numbers];
  }

  /** The rows of one person, in the order of the file. */
  of(owner: number): RowPlace[] {
    const order = (this.#order ??= this.#sorted());
    const found: RowPlace[] = [];
    for (let at = this.#firstOf(order, owner); at < order.length; at++) {
      const index = order[at] ?? 0;
      if (this.#number(index, 3) !== owner) break;
      found.push({
        from: this.#from[index] ?? 0,
        units: this.#number(index, 0),
        row: this.#number(index, 1),
        line: this.#number(index, 2),
      });
    }
    return found;
  }

  #number(index: number, field: number): number {
    return this.#numbers[index * 4 + field] ?? 0;
  }

  #sorted(): Uint32Array {
    const order = Uint32Array.from({ length: this.#count }, (_, index) => index);
    return order.sort((a, b) => this.#number(a, 3) - this.#number(b, 3) || a - b);
  }

  #firstOf(order: Uint32Array, owner: number): number {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#number(order[middle] ?? 0, 3) < owner) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
