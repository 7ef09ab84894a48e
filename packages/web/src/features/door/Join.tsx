import {
  Button,
  Code,
  Group,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { renderSVG } from "uqr";

import { FaultNote } from "../../app/FaultNote.tsx";
import { door } from "../../app/link.ts";
import { Answered } from "./Answered.tsx";
import { NewPassword, isGoodPassword } from "./NewPassword.tsx";

type Whose = "further" | "new" | "slip";

/** Adds this browser as a device: of somebody new, or a further one of somebody who has one. */
export function Join({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation("door");
  const [whose, setWhose] = useState<Whose>("further");
  const [slip, setSlip] = useState("");
  const [label, setLabel] = useState("");
  const isNarrow = useMediaQuery("(max-width: 30em)", false, { getInitialValueInEffect: false });
  const [password, setPassword] = useState("");
  const request = useMutation({
    mutationFn: () => door.request({ password, label: label.trim(), isNewPerson: whose === "new" }),
  });
  const accept = useMutation({
    mutationFn: () => door.accept({ slip: slip.trim(), password, label: label.trim() }),
  });
  const isReady = isGoodPassword(password) && (whose !== "slip" || slip.trim() !== "");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isReady) return;
    if (whose === "slip") accept.mutate();
    else request.mutate();
  };
  const error = whose === "slip" ? accept.error : request.error;
  if (accept.data !== undefined) return <Answered answered={accept.data} onDone={onBack} />;
  if (request.data !== undefined)
    return <ShownCode code={request.data.code} kit={request.data.kit} onDone={onBack} />;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Title order={2}>{t("join.title")}</Title>
        <SegmentedControl
          aria-label={t("join.whose")}
          value={whose}
          orientation={isNarrow ? "vertical" : "horizontal"}
          onChange={(value) => setWhose(value)}
          data={[
            { value: "further", label: t("join.further") },
            { value: "new", label: t("join.new") },
            { value: "slip", label: t("join.slip") },
          ]}
        />
        {whose === "slip" && (
          <TextInput
            label={t("join.slipCode")}
            description={t("join.slipHint")}
            value={slip}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setSlip(event.currentTarget.value)}
          />
        )}
        <NewPassword value={password} onChange={setPassword} />
        <TextInput
          label={t("join.label")}
          description={t("join.labelHint")}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        {error !== null && <FaultNote error={error} />}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            {t("back")}
          </Button>
          <Button type="submit" loading={request.isPending || accept.isPending} disabled={!isReady}>
            {t(whose === "slip" ? "join.answer" : "join.now")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The QR code as a picture: an image runs no script, and no markup is put into the page. */
const pictureOf = (code: string): string =>
  `data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(code))}`;

function ShownCode({
  code,
  kit,
  onDone,
}: {
  code: string;
  kit: string | null;
  onDone: () => void;
}) {
  const { t } = useTranslation("door");
  return (
    <Stack>
      <Title order={2}>{t("code.title")}</Title>
      <Text>{t("code.what")}</Text>
      <img src={pictureOf(code)} alt={t("code.picture")} width={208} height={208} />
      <Code block fz="md">
        {code}
      </Code>
      {kit !== null && (
        <>
          <Text fw={620}>{t("papers.kit")}</Text>
          <Code block fz="md">
            {kit}
          </Code>
          <Text size="sm" c="dimmed">
            {t("papers.kitHint")}
          </Text>
        </>
      )}
      <Button onClick={onDone}>{t("code.done")}</Button>
    </Stack>
  );
}
