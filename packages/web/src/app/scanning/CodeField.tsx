import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconCamera } from "@tabler/icons-react";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";

import { Waiting } from "../Waiting.tsx";

// The reader comes with the first look through the camera, for whoever has one.
const CodeScanner = lazy(() => import("./CodeScanner.tsx"));

const hasCamera = (): boolean => typeof navigator.mediaDevices?.getUserMedia === "function";

/** The code that a new device shows: typed by hand, or read off its screen with the camera. */
export function CodeField({
  code,
  hasFocus = false,
  onCode,
}: {
  code: string;
  hasFocus?: boolean;
  onCode: (code: string) => void;
}) {
  const { t } = useTranslation("people");
  const [isScanning, setScanning] = useState(false);
  const [isRead, setRead] = useState(false);
  const take = (read: string): void => {
    setScanning(false);
    setRead(true);
    onCode(read);
  };
  return (
    <Stack gap="xs">
      <TextInput
        label={t("code")}
        description={t("codeHint")}
        value={code}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setRead(false);
          onCode(event.currentTarget.value);
        }}
        {...(hasFocus && { "data-autofocus": true })}
      />
      {isScanning && (
        <Suspense fallback={<Waiting />}>
          <CodeScanner onCode={take} onClose={() => setScanning(false)} />
        </Suspense>
      )}
      {isRead && (
        <Text size="sm" role="status">
          {t("scan.read")}
        </Text>
      )}
      {!isScanning && hasCamera() && (
        <Group>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconCamera size={16} />}
            onClick={() => setScanning(true)}
          >
            {t("scan.open")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
