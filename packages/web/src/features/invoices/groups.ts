/** How many characters a group has, and from which end they are counted. */
export interface GroupWish {
  readonly size: number;
  readonly from: "left" | "right";
}

/** The groups in which banks print a number: references in fives from the right, accounts in fours from the left. */
export function groupsOf(printed: string, { size, from }: GroupWish): string[] {
  const text = printed.replaceAll(/\s/g, "");
  const first = from === "right" ? text.length % size : 0;
  const groups = first === 0 ? [] : [text.slice(0, first)];
  for (let at = first; at < text.length; at += size) groups.push(text.slice(at, at + size));
  return groups;
}
