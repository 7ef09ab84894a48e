import { groupsOf, type GroupWish } from "./groups.ts";
import classes from "./Invoices.module.css";

/** A number in groups, as bills print it; what is copied of it has no blanks. */
export function Grouped({ text, ...wish }: { text: string } & GroupWish) {
  return groupsOf(text, wish).map((group, index) => (
    <span key={index} className={classes["group"]}>
      {group}
    </span>
  ));
}
