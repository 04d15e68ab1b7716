import { Alert, NumberInput, Radio, Select, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "~/api/queries";
import type { Dataset } from "~/api/types";
import { Failed } from "~/ui/states";
import type { Design } from "./design";

interface DividingProps {
  dataset: Dataset | undefined;
  datasets: Dataset[];
  dividing: Design;
  change: (design: Design) => void;
}

const FOLDS = [2, 3, 5, 10];

/** Under which protocol, on which patients the models are tested, and beside which experiment. */
export function Dividing({ dataset, datasets, dividing, change }: DividingProps) {
  const { t } = useTranslation();
  const { kind, repeats, external, protocol, beside } = dividing;
  const set = (part: Partial<Design>) => {
    change({ ...dividing, ...part });
  };
  const paper = protocol === "paper";
  const sites = Object.keys(dataset?.counts.by_site ?? {}).length;
  const others = datasets.filter((one) => one.id !== dataset?.id);
  const folded = FOLDS.map(String).includes(kind);
  const hint = kind === "sites" ? t("experiments.form.sitesHint") : t("experiments.form.foldsHint");
  return (
    <>
      <Radio.Group
        label={t("experiments.form.protocol")}
        value={protocol}
        onChange={(value) => {
          set({ protocol: value as Design["protocol"], beside: null });
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="strict" label={t("experiments.form.strict")} />
          <Radio value="paper" label={t("experiments.form.paper")} />
        </Stack>
      </Radio.Group>
      {paper ? (
        <Alert color="yellow" icon={<IconAlertTriangle size={18} aria-hidden />}>
          <Text size="sm">{t("experiments.paperWarning")}</Text>
        </Alert>
      ) : (
        <Select
          label={t("experiments.form.folds")}
          description={hint}
          allowDeselect={false}
          data={[
            { value: "split", label: t("experiments.form.oneSplit") },
            ...FOLDS.map((many) => ({ value: String(many), label: t("experiments.form.foldsOption", { folds: many }) })),
            {
              value: "sites",
              label: `${t("experiments.form.sitesOption")} ${sites < 2 ? t("experiments.form.oneSite") : ""}`.trim(),
              disabled: sites < 2,
            },
            { value: "external", label: t("experiments.form.externalOption") },
          ]}
          value={kind}
          onChange={(value) => {
            set({ kind: value ?? "split" });
          }}
        />
      )}
      {!paper && kind === "external" ? (
        <Select
          label={t("experiments.form.external")}
          description={others.length ? t("experiments.form.externalHint") : t("experiments.form.noExternal")}
          required
          searchable
          allowDeselect={false}
          data={others.map((one) => ({ value: one.id, label: `${one.name} v${one.version}` }))}
          value={external}
          onChange={(value) => {
            set({ external: value });
          }}
        />
      ) : null}
      {paper || folded ? (
        <NumberInput
          label={t("experiments.form.repeats")}
          description={t("experiments.form.repeatsHint")}
          min={1}
          max={10}
          clampBehavior="strict"
          allowDecimal={false}
          value={repeats}
          onChange={(value) => {
            set({ repeats: Number(value) || 1 });
          }}
        />
      ) : null}
      {paper || kind !== "external" ? (
        <Beside
          dataset={dataset?.id}
          protocol={paper ? "strict" : "paper"}
          value={beside}
          change={(value) => {
            set({ beside: value });
          }}
        />
      ) : null}
    </>
  );
}

interface BesideProps {
  dataset: string | undefined;
  protocol: Design["protocol"];
  value: string | null;
  change: (value: string | null) => void;
}

/** The experiments on the same dataset under the other protocol; nothing where there is none. */
function Beside({ dataset, protocol, value, change }: BesideProps) {
  const { t } = useTranslation();
  const found = useQuery({ ...queries.experiments({ dataset, protocol }), enabled: dataset !== undefined });
  const possible = found.data?.results.filter((one) => one.external === null) ?? [];
  if (found.error) return <Failed error={found.error} compact />;
  if (!possible.length) return null;
  return (
    <Select
      label={t("experiments.form.beside")}
      description={t("experiments.form.besideHint")}
      placeholder={t("experiments.form.besideNone")}
      clearable
      data={possible.map((one) => ({ value: one.id, label: one.name }))}
      value={value}
      onChange={change}
    />
  );
}
