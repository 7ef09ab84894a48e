import { Button, Group, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import classes from "./CodeScanner.module.css";
import { makeFrameReader } from "./frameReader.ts";

const PAUSE_MS = 150;

/** Why a camera shows nothing. */
type Trouble = "refused" | "none";

/** Looks through the camera until it has read a code; the camera is off before the code is told, and when this is closed. */
export default function CodeScanner({
  onCode,
  onClose,
}: {
  onCode: (code: string) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("people");
  const video = useRef<HTMLVideoElement>(null);
  const told = useRef(onCode);
  told.current = onCode;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    const look = async (): Promise<void> => {
      const found = await scan(video.current, ending.signal);
      if (ending.signal.aborted) return;
      if ("code" in found) told.current(found.code);
      else setTrouble(found.trouble);
    };
    void look();
    return () => ending.abort();
  }, []);
  return (
    <Stack gap="xs">
      {trouble === null ? (
        <>
          <video ref={video} className={classes["video"]} muted playsInline aria-hidden="true" />
          <Text size="sm" role="status">
            {t("scan.looking")}
          </Text>
        </>
      ) : (
        <Text size="sm" role="alert">
          {t(`scan.${trouble}`)}
        </Text>
      )}
      <Group>
        <Button size="xs" variant="default" onClick={onClose}>
          {t(trouble === null ? "scan.stop" : "scan.away")}
        </Button>
      </Group>
    </Stack>
  );
}

type Found = { readonly code: string } | { readonly trouble: Trouble };

async function scan(video: HTMLVideoElement | null, signal: AbortSignal): Promise<Found> {
  if (video === null) return { trouble: "none" };
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    const isRefused = error instanceof DOMException && error.name === "NotAllowedError";
    return { trouble: isRefused ? "refused" : "none" };
  }
  try {
    video.srcObject = stream;
    await video.play();
    const read = await makeFrameReader();
    while (!signal.aborted) {
      const code = await read(video);
      if (code !== null) return { code };
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return { trouble: "none" };
  } catch {
    return { trouble: "none" };
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
