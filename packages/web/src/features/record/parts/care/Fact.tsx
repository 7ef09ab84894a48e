import { Text } from "@mantine/core";

import timelineClasses from "../../timeline/Timeline.module.css";

/** One thing that was written, under its name; nothing where nothing was. */
export function Fact({
  label,
  text,
}: {
  label: string;
  text: string | readonly string[] | undefined;
}) {
  const lines = typeof text === "string" ? [text] : (text ?? []);
  if (lines.every((line) => line.trim() === "")) return null;
  return (
    <div>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      {lines.length === 1 ? (
        <Text className={timelineClasses["reading"] ?? ""} translate="no">
          {lines[0]}
        </Text>
      ) : (
        <ul style={{ margin: 0, paddingInlineStart: 20 }} translate="no">
          {lines.map((line) => (
            <li key={line} className={timelineClasses["reading"]}>
              {line}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
