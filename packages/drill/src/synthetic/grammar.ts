import type { Random } from "./random.ts";

/** Rules by name; a rule is one of its lines. `{name}` is another rule, `[a|b|]` one of several, also inside each other. */
export type Rules = Readonly<Record<string, readonly string[]>>;

type Node = string | { readonly rule: string } | { readonly oneOf: readonly (readonly Node[])[] };

/** Text from rules: the same chance gives the same text. */
export class Grammar {
  readonly #rules = new Map<string, readonly (readonly Node[])[]>();

  /** Throws RangeError for a line with an open bracket or a rule that nobody wrote. */
  constructor(rules: Rules) {
    for (const [name, lines] of Object.entries(rules)) this.#rules.set(name, lines.map(parseLine));
    for (const lines of this.#rules.values()) for (const line of lines) this.#check(line);
  }

  #check(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (typeof node === "string") continue;
      if ("oneOf" in node) for (const each of node.oneOf) this.#check(each);
      else if (!this.#rules.has(node.rule)) throw new RangeError(`no rule ${node.rule}`);
    }
  }

  /** One text of a rule. */
  say(rule: string, random: Random): string {
    const lines = this.#rules.get(rule);
    if (lines === undefined) throw new RangeError(`no rule ${rule}`);
    return this.#expand(random.pick(lines), random);
  }

  /** Several sentences of a rule, no line twice in a row. */
  sayMany(rule: string, count: number, random: Random): string {
    const lines = this.#rules.get(rule);
    if (lines === undefined) throw new RangeError(`no rule ${rule}`);
    const said: string[] = [];
    let last: readonly Node[] | undefined;
    while (said.length < count) {
      const line = random.pick(lines);
      if (line === last && lines.length > 1) continue;
      last = line;
      said.push(capital(this.#expand(line, random)));
    }
    return said.join(" ");
  }

  #expand(nodes: readonly Node[], random: Random): string {
    let text = "";
    for (const node of nodes) {
      if (typeof node === "string") text += node;
      else if ("rule" in node) text += this.say(node.rule, random);
      else text += this.#expand(random.pick(node.oneOf), random);
    }
    return text;
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function parseLine(line: string): Node[] {
  const place = { at: 0 };
  const nodes = parseNodes(line, place);
  if (place.at < line.length) throw new RangeError(`a bracket too many: ${line}`);
  return nodes;
}

/** Reads up to a `|` or `]` that belongs to the bracket around it. */
function parseNodes(line: string, place: { at: number }): Node[] {
  const nodes: Node[] = [];
  while (place.at < line.length) {
    const sign = line[place.at];
    if (sign === "|" || sign === "]") break;
    if (sign === "{") nodes.push(parseRule(line, place));
    else if (sign === "[") nodes.push(parseChoice(line, place));
    else nodes.push(parseWords(line, place));
  }
  return nodes;
}

function parseRule(line: string, place: { at: number }): Node {
  const end = line.indexOf("}", place.at);
  if (end < 0) throw new RangeError(`an open brace: ${line}`);
  const rule = line.slice(place.at + 1, end);
  place.at = end + 1;
  return { rule };
}

function parseChoice(line: string, place: { at: number }): Node {
  const oneOf: Node[][] = [];
  do {
    place.at++;
    oneOf.push(parseNodes(line, place));
  } while (line[place.at] === "|");
  if (line[place.at] !== "]") throw new RangeError(`an open bracket: ${line}`);
  place.at++;
  return { oneOf };
}

function parseWords(line: string, place: { at: number }): string {
  const start = place.at;
  while (place.at < line.length && !"{}[]|".includes(line[place.at] ?? "")) place.at++;
  if (place.at === start) throw new RangeError(`a brace too many: ${line}`);
  return line.slice(start, place.at);
}
