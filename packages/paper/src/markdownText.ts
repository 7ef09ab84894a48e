import type { Span, Text } from "./paper.ts";
import { visibleText } from "./visibleText.ts";

const alwaysMarkup = /[\\`*_<~$]/g;
const entity = /&(?=#?\w+;)/g;
/** Brackets are markup before these only: no reference is ever defined, because a definition is one of them. */
const closingBracket = /\](?=[[(:])/g;

function escapeInline(text: string): string {
  return text
    .replaceAll(alwaysMarkup, String.raw`\$&`)
    .replaceAll(entity, String.raw`\&`)
    .replaceAll(closingBracket, String.raw`\]`);
}

/** What a line may not begin with: headings, lists, quotes, rules, task boxes, underlines of headings. */
function escapeLineStart(line: string): string {
  return line
    .trimStart()
    .replace(/^(#|>|[-+=]|\[(?=[ xX]\]))/, String.raw`\$1`)
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`);
}

function fence(text: string, least: number): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  return "`".repeat(Math.max(least, longest + 1));
}

function codeSpan(text: string): string {
  const ticks = fence(text, 1);
  const pad = /^`|`$|^ .* $/.test(text) ? " " : "";
  return `${ticks}${pad}${text.replaceAll("\n", " ")}${pad}${ticks}`;
}

const isWord = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isPunctuation = (character: string | undefined): boolean =>
  character !== undefined && /[\p{P}\p{S}]/u.test(character);

/** Whether marks around `text` are read as marks: beside a word they are not where the text has punctuation (CommonMark 6.2). */
function canMark(text: string, before: string | undefined, after: string | undefined): boolean {
  const opens = !(isPunctuation(text.at(0)) && isWord(before));
  return opens && !(isPunctuation(text.at(-1)) && isWord(after));
}

function markOf({ bold, italic }: Span): string {
  return `${bold === true ? "**" : ""}${italic === true ? "*" : ""}`;
}

function spanText(span: Span, before: string | undefined, after: string | undefined): string {
  if (span.text.trim() === "") return span.text;
  const [, lead = "", text = "", trail = ""] = /^(\s*)(.*?)(\s*)$/su.exec(span.text) ?? [];
  const mark = markOf(span);
  const inner = span.mono === true ? codeSpan(text) : escapeInline(text);
  // A bracket that ends a span may meet its partner in the next.
  const closed = after !== undefined && inner.endsWith("]") ? `${inner.slice(0, -1)}\\]` : inner;
  const marked = canMark(text, lead === "" ? before : " ", trail === "" ? after : " ");
  if (mark === "" || !marked) return lead + closed + trail;
  return `${lead}${mark}${closed}${Array.from(mark).reverse().join("")}${trail}`;
}

/** Spans that look the same are one. */
function joined(text: Text): Span[] {
  if (typeof text === "string") return [{ text: visibleText(text) }];
  const spans: Span[] = [];
  for (const span of text) {
    const last = spans.at(-1);
    const same = last !== undefined && markOf(last) === markOf(span) && last.mono === span.mono;
    if (same) spans[spans.length - 1] = { ...last, text: last.text + visibleText(span.text) };
    else spans.push({ ...span, text: visibleText(span.text) });
  }
  return spans.filter((span) => span.text !== "");
}

/** Text as Markdown that reads back as the same text; a line end is a hard break. */
export function markdownText(text: Text): string {
  const spans = joined(text);
  const whole = spans
    .map((span, index) =>
      spanText(span, spans[index - 1]?.text.at(-1), spans[index + 1]?.text.at(0)),
    )
    .join("");
  const lines = whole.trim().split("\n");
  return lines.map((line) => escapeLineStart(line.trimEnd())).join("\\\n");
}

/** Text of a heading: one line, whose last `#` is not its end mark. */
export function markdownHeading(text: string): string {
  const line = markdownText(text.replaceAll(/\s*\n\s*/g, " "));
  return line.replace(/#(?=#*$)/, String.raw`\#`);
}

/** Lines of a fenced block with `text` as it stands. */
export function markdownCode(text: string): string[] {
  const plain = visibleText(text);
  const ticks = fence(plain, 3);
  return [ticks, ...plain.split("\n"), ticks];
}
