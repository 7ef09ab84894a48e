import { Button, Fieldset, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import type { Plan } from "@sinetti/practice";

type Intervention = Plan["interventions"][number];
const STATES = ["planned", "active", "done", "stopped", "unknown"] as const;

/** What is done, by whom, how often. */
export function InterventionsField({
  interventions,
  onChange,
}: {
  interventions: readonly Intervention[];
  onChange: (interventions: Intervention[]) => void;
}) {
  const { t } = useTranslation("chart");
  const set = (at: number, change: Partial<Intervention>): void =>
    onChange(interventions.map((each, index) => (index === at ? { ...each, ...change } : each)));
  return (
    <Fieldset legend={t("plan.interventions")} variant="unstyled">
      {interventions.map((intervention, at) => (
        <Fieldset
          // eslint-disable-next-line react/no-array-index-key -- an intervention has no id of its own
          key={at}
          legend={t("plan.intervention", { number: at + 1 })}
          mb="sm"
          translate="no"
        >
          <TextInput
            label={t("plan.interventionText")}
            value={intervention.text}
            onChange={({ currentTarget: { value } }) => set(at, { text: value })}
          />
          <SimpleGrid cols={{ base: 1, sm: 3 }} mt="xs" spacing="xs">
            {(["by", "frequency"] as const).map((name) => (
              <TextInput
                key={name}
                label={t(`plan.${name}`)}
                value={intervention[name] ?? ""}
                onChange={({ currentTarget: { value } }) => set(at, { [name]: value })}
              />
            ))}
            <NativeSelect
              label={t("plan.state")}
              value={intervention.status}
              onChange={({ currentTarget: { value } }) =>
                set(at, { status: STATES.find((each) => each === value) ?? "active" })
              }
              data={STATES.map((value) => ({ value, label: t(`plan.doing.${value}`) }))}
            />
          </SimpleGrid>
          <Button
            mt="xs"
            size="compact-sm"
            variant="subtle"
            onClick={() => onChange(interventions.filter((_, index) => index !== at))}
          >
            {t("plan.remove")}
          </Button>
        </Fieldset>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => onChange([...interventions, { text: "", status: "planned" }])}
      >
        {t("plan.addIntervention")}
      </Button>
    </Fieldset>
  );
}
