import { DateField } from "../../../../app/DateField.tsx";
import {
  Button,
  Fieldset,
  Group,
  NativeSelect,
  SimpleGrid,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Objective } from "@sinetti/practice";

const STATES = ["proposed", "active", "met", "partly-met", "not-met", "dropped"] as const;

/** An objective's id: notes name it, so it stays the same through every version. */
const newId = (): string => `o${crypto.randomUUID().slice(0, 8)}`;

/** Measurable objectives: where the patient is, where they want to be, until when, and how far it is. */
export function ObjectivesField({
  objectives,
  onChange,
}: {
  objectives: readonly Objective[];
  onChange: (objectives: Objective[]) => void;
}) {
  const { t } = useTranslation("chart");
  const { t: tRecord } = useTranslation("record");
  const set = (at: number, change: Partial<Objective>): void =>
    onChange(objectives.map((each, index) => (index === at ? { ...each, ...change } : each)));
  return (
    <Fieldset legend={t("plan.objectives")} variant="unstyled">
      {objectives.map((objective, at) => (
        <Fieldset
          key={objective.id}
          legend={t("plan.objective", { number: at + 1 })}
          mb="sm"
          translate="no"
        >
          <Textarea
            label={t("plan.objectiveText")}
            autosize
            value={objective.text}
            onChange={({ currentTarget: { value } }) => set(at, { text: value })}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }} mt="xs" spacing="xs">
            {(["baseline", "target"] as const).map((name) => (
              <TextInput
                key={name}
                label={t(`plan.${name}`)}
                value={objective[name] ?? ""}
                onChange={({ currentTarget: { value } }) => set(at, { [name]: value })}
              />
            ))}
            <DateField
              label={t("plan.due")}
              value={objective.due ?? ""}
              onDate={(due) => set(at, { due })}
            />
            <NativeSelect
              label={t("plan.state")}
              value={objective.status}
              onChange={({ currentTarget: { value } }) =>
                set(at, { status: STATES.find((each) => each === value) ?? "active" })
              }
              data={STATES.map((value) => ({ value, label: tRecord(`state.goal.${value}`) }))}
            />
          </SimpleGrid>
          <Group justify="flex-end">
            <Button
              mt="xs"
              size="compact-sm"
              variant="subtle"
              onClick={() => onChange(objectives.filter((_, index) => index !== at))}
            >
              {t("plan.remove")}
            </Button>
          </Group>
        </Fieldset>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => onChange([...objectives, { id: newId(), text: "", status: "active" }])}
      >
        {t("plan.addObjective")}
      </Button>
    </Fieldset>
  );
}
