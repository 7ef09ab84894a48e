import { Textarea, type TextareaProps } from "@mantine/core";
import { useState } from "react";

import { itemsOf } from "./wish.ts";

/** A list, one item a line. */
export function LinesField({
  items,
  onItems,
  ...props
}: {
  items: readonly string[];
  onItems: (items: string[]) => void;
} & Omit<TextareaProps, "value" | "onChange">) {
  const [text, setText] = useState(() => items.join("\n"));
  return (
    <Textarea
      {...props}
      autosize
      minRows={2}
      translate="no"
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        onItems(itemsOf(value));
      }}
    />
  );
}
