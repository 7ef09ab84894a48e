import { Button, Group, List, Modal, Radio, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSnowflake } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { FaultNote } from "./FaultNote.tsx";
import { useHere } from "./me.ts";
import { useAct } from "./useDesk.ts";

/** On every screen: stops openings at once, after saying what that will do. */
export function FreezeButton() {
  const { t } = useTranslation("app");
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSnowflake size={16} />}
        onClick={open}
        aria-haspopup="dialog"
      >
        {t("freeze.name")}
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={t("freeze.title")}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <FreezeForm onClose={close} />
      </Modal>
    </>
  );
}

function FreezeForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("app");
  const { me } = useHere();
  const [whom, setWhom] = useState<"me" | "practice">("me");
  const freeze = useAct(
    (desks, whose: "me" | "practice") => desks.safety.freeze(whose === "me" ? me.member : null),
    [["me"]],
  );
  if (freeze.isSuccess)
    return (
      <Stack role="status">
        <Text>{t(`freeze.said.${freeze.data}`)}</Text>
        <Text size="sm" c="dimmed">
          {t("freeze.thaw")}
        </Text>
        <Group justify="flex-end">
          <Button autoFocus onClick={onClose}>
            {t("close")}
          </Button>
        </Group>
      </Stack>
    );
  return (
    <Stack>
      <List size="sm" spacing={4}>
        <List.Item>{t("freeze.does.openings")}</List.Item>
        <List.Item>{t("freeze.does.drafts")}</List.Item>
        <List.Item>{t("freeze.does.screen")}</List.Item>
        <List.Item>{t("freeze.does.thaw")}</List.Item>
      </List>
      <Radio.Group
        label={t("freeze.whose")}
        value={whom}
        onChange={(value) => setWhom(value === "practice" ? "practice" : "me")}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="me" label={t("freeze.me")} />
          <Radio
            value="practice"
            label={t("freeze.practice")}
            description={t("freeze.practiceHint")}
          />
        </Stack>
      </Radio.Group>
      {freeze.error !== null && <FaultNote error={freeze.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button color="alarm" loading={freeze.isPending} onClick={() => freeze.mutate(whom)}>
          {t("freeze.now")}
        </Button>
      </Group>
    </Stack>
  );
}
