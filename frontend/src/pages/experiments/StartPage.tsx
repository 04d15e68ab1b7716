import { Button, Checkbox, Grid, Group, Paper, Radio, Select, Stack, Text, Textarea, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import type { Dataset, ExperimentDetail, Preset, SpecSchema, WantedRow } from "~/api/types";
import { lookUp } from "~/i18n";
import { useFormats } from "~/ui/formats";
import { ButtonTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { asked, type Design, otherHalf, PLAIN, type Variant, VARIANTS, variantsOf } from "./design";
import { Dividing } from "./Dividing";

const route = getRouteApi("/shell/experiments/new");
/** Rows of the paper's Table 1 in its order; a preset that is none of them (one's own best) is not chosen at first. */
const TABLE_1 = ["svm", "vgg", "resnet", "googlenet", "lf", "hf", "fusion_no_transfer", "dual_transfer"];
const QUICK_EPOCHS = 3;

export function StartPage() {
  const { t } = useTranslation();
  const schema = useQuery(queries.specSchema());
  const datasets = useQuery(queries.datasets());
  const { beside } = route.useSearch();
  const other = useQuery({ ...queries.experiment(beside ?? ""), enabled: beside !== undefined });
  const error = schema.error ?? datasets.error ?? other.error;
  const frozen = datasets.data?.results.filter((dataset) => dataset.state === "frozen") ?? [];
  const ready = schema.data && datasets.data && (!beside || other.data);
  return (
    <Page title={t("experiments.form.title")} lead={t("experiments.form.lead")}>
      {error ? <Failed error={error} retry={() => void schema.refetch()} /> : null}
      {!ready && !error ? <Loading rows={8} /> : null}
      {ready && !frozen.length ? (
        <Empty title={t("launch.noDataset.title")} action={<ButtonTo to="/datasets">{t("launch.noDataset.action")}</ButtonTo>}>
          {t("launch.noDataset.text")}
        </Empty>
      ) : null}
      {ready && frozen.length ? <Form schema={schema.data} datasets={frozen} other={other.data} /> : null}
    </Page>
  );
}

interface FormProps {
  schema: SpecSchema;
  datasets: Dataset[];
  /** The experiment that this one is to stand beside: the same models on the same patients. */
  other: ExperimentDetail | undefined;
}

function Form({ schema, datasets, other }: FormProps) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const place = (key: string) => (TABLE_1.includes(key) ? TABLE_1.indexOf(key) : TABLE_1.length);
  const presets = [...schema.presets].sort((a, b) => place(a.key) - place(b.key));
  const [dataset, setDataset] = useState(other?.dataset ?? search.dataset ?? datasets[0]?.id ?? "");
  const [name, setName] = useState(t("experiments.form.defaultName"));
  const [note, setNote] = useState("");
  const [rows, setRows] = useState(() => {
    const taken: string[] = other ? other.rows.map((row) => row.run.preset) : TABLE_1;
    return presets.map((one) => one.key).filter((key) => taken.includes(key));
  });
  const [variants, setVariants] = useState<Variant[]>([]);
  const [dividing, setDividing] = useState<Design>({ ...PLAIN, ...(other ? otherHalf(other) : {}) });
  const [quick, setQuick] = useState(other?.quick ?? false);
  const nameOf = (title: string) => {
    const key = presets.find((one) => one.title === title)?.key;
    return (key && lookUp(`server.presets.${key}.title`)) ?? title;
  };
  const chosen = presets
    .filter((one) => rows.includes(one.key))
    .flatMap((one): WantedRow[] => [
      { preset: one.key as Preset, title: "" },
      ...variantsOf(String(one.spec.architecture), variants, dividing.protocol).map((variant) => ({
        preset: "" as const,
        title: `${lookUp(`server.presets.${one.key}.title`) ?? one.title}, ${t(`experiments.form.variant.${variant}.short`)}`,
        spec: { ...one.spec, ...VARIANTS[variant] },
      })),
    ]);
  const held = datasets.find((one) => one.id === dataset);
  const { protocol, beside, ...patients } = asked(dividing);
  const design = { dataset, rows: chosen, ...patients, quick };
  const unready = dividing.kind === "external" && !dividing.external;
  const cost = useQuery({ ...queries.estimate(design), enabled: dataset !== "" && chosen.length > 0 && !unready });
  const start = useMutation({
    mutationFn: () => api.startExperiment({ ...design, protocol, beside, name: name.trim(), note, runs: [] }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ["experiments", "list"] });
      await navigate({ to: "/experiments/$experimentId", params: { experimentId: made.id } });
    },
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    start.mutate();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Paper h="100%">
            <Stack gap="md">
              <TextInput
                label={t("experiments.name")}
                required
                maxLength={120}
                value={name}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                }}
              />
              <Select
                label={t("experiments.dataset")}
                required
                allowDeselect={false}
                searchable
                data={datasets.map((one) => ({ value: one.id, label: `${one.name} v${one.version}` }))}
                value={dataset}
                onChange={(value) => {
                  setDataset(value ?? "");
                  setDividing(PLAIN); // sites, other datasets and experiments are the dataset's own
                }}
              />
              <Dividing dataset={held} datasets={datasets} dividing={dividing} change={setDividing} />
              <Radio.Group
                label={t("experiments.form.budget")}
                value={quick ? "quick" : "full"}
                onChange={(value) => {
                  setQuick(value === "quick");
                }}
              >
                <Stack gap="xs" mt="xs">
                  <Radio value="full" label={t("experiments.form.full")} />
                  <Radio value="quick" label={t("experiments.form.quick", { epochs: QUICK_EPOCHS })} description={t("experiments.quickWarning")} />
                </Stack>
              </Radio.Group>
              <Textarea
                label={t("experiments.note")}
                autosize
                maxLength={2000}
                value={note}
                onChange={(event) => {
                  setNote(event.currentTarget.value);
                }}
              />
            </Stack>
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Paper h="100%">
            <Checkbox.Group label={t("experiments.form.rows")} description={t("experiments.form.rowsHint")} value={rows} onChange={setRows}>
              <Group gap="xs" mt="xs">
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => {
                    setRows(presets.map((one) => one.key));
                  }}
                >
                  {t("experiments.form.all")}
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => {
                    setRows([]);
                  }}
                >
                  {t("experiments.form.nothing")}
                </Button>
              </Group>
              <Stack gap="xs" mt="sm" data-testid="experiment-rows">
                {presets.map((one) => (
                  <Checkbox
                    key={one.key}
                    value={one.key}
                    label={lookUp(`server.presets.${one.key}.title`) ?? one.title}
                    description={lookUp(`server.presets.${one.key}.description`) ?? one.description}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
            <Checkbox.Group
              mt="md"
              label={t("experiments.form.variants")}
              description={t("experiments.form.variantsHint")}
              value={variants}
              onChange={setVariants}
            >
              <Stack gap="xs" mt="sm" data-testid="experiment-variants">
                {(Object.keys(VARIANTS) as Variant[]).map((one) => (
                  <Checkbox
                    key={one}
                    value={one}
                    label={t(`experiments.form.variant.${one}.title`)}
                    disabled={one === "attention" && dividing.protocol === "paper"}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
          </Paper>
        </Grid.Col>
      </Grid>
      <Stack mt="md" gap="sm">
        {cost.data && chosen.length ? <Cost cost={cost.data} nameOf={nameOf} /> : null}
        {cost.error ? <Failed error={cost.error} compact /> : null}
        {start.error ? <Failed error={start.error} /> : null}
        <Group justify="flex-end">
          {chosen.length ? null : (
            <Text size="sm" role="status">
              {t("experiments.form.chooseRows")}
            </Text>
          )}
          <Button type="submit" size="md" loading={start.isPending} disabled={!dataset || !name.trim() || !chosen.length || unready}>
            {t("experiments.form.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface CostProps {
  cost: Awaited<ReturnType<typeof api.estimateExperiment>>;
  /** The title of a line in the reader's language. */
  nameOf: (title: string) => string;
}

function Cost({ cost, nameOf }: CostProps) {
  const { t } = useTranslation();
  const format = useFormats();
  const known = cost.lines.filter((line) => line.seconds !== null);
  return (
    <Paper data-testid="estimate">
      <Title order={2} mb={4}>
        {t("experiments.form.estimate")}
      </Title>
      <Text size="sm">
        {t("experiments.form.runs", { count: cost.runs })},{" "}
        {cost.seconds === null
          ? t("experiments.form.unknown")
          : t("experiments.form.takes", { time: format.seconds(cost.seconds) })}
      </Text>
      {cost.seconds === null
        ? known.map((line) => (
            <Text key={line.title} size="xs" c="dimmed">
              {t("experiments.form.partly", { title: nameOf(line.title), time: format.seconds(line.seconds) })}
            </Text>
          ))
        : null}
    </Paper>
  );
}
