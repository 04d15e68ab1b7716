import { Alert, Button, Grid, Group, Paper, Radio, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import type { Dataset, Preset, RunDetail, SpecSchema, TrainSpec } from "~/api/types";
import { merged } from "~/forms/schema";
import { SchemaForm } from "~/forms/SchemaForm";
import { refusedFields, useSchemaForm } from "~/forms/useSchemaForm";
import { lookUp } from "~/i18n";
import { ButtonTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";

const route = getRouteApi("/shell/runs/new");

export function LaunchPage() {
  const { t } = useTranslation();
  const { clone } = route.useSearch();
  const schema = useQuery(queries.specSchema());
  const datasets = useQuery(queries.datasets());
  const original = useQuery({ ...queries.run(clone ?? ""), enabled: clone !== undefined });
  const error = schema.error ?? datasets.error ?? original.error;
  const frozen = datasets.data?.results.filter((dataset) => dataset.state === "frozen") ?? [];
  const ready = schema.data && datasets.data && (!clone || original.data);
  return (
    <Page title={clone ? t("launch.cloneTitle") : t("launch.title")} lead={t("launch.lead")}>
      {error ? <Failed error={error} retry={() => void schema.refetch()} /> : null}
      {!ready && !error ? <Loading rows={8} /> : null}
      {ready && !frozen.length ? (
        <Empty title={t("launch.noDataset.title")} action={<ButtonTo to="/datasets">{t("launch.noDataset.action")}</ButtonTo>}>
          {t("launch.noDataset.text")}
        </Empty>
      ) : null}
      {ready && frozen.length ? <LaunchForm schema={schema.data} datasets={frozen} original={original.data} /> : null}
    </Page>
  );
}

interface LaunchFormProps {
  schema: SpecSchema;
  datasets: Dataset[];
  original?: RunDetail;
}

function LaunchForm({ schema, datasets, original }: LaunchFormProps) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const specOf = (key: string | undefined) => schema.presets.find((preset) => preset.key === key)?.spec ?? {};
  const firstPreset = search.preset ?? original?.preset ?? schema.presets.at(-1)?.key ?? "";

  const [dataset, setDataset] = useState(search.dataset ?? original?.dataset ?? datasets[0]?.id ?? "");
  const [name, setName] = useState(original ? t("launch.copyOf", { name: original.name }) : "");
  const [preset, setPreset] = useState(firstPreset);
  const spec = useSchemaForm(schema.schema, original?.spec ?? specOf(firstPreset));
  const launch = useMutation({
    mutationFn: () => api.launchRun({
        name: name.trim(),
        dataset,
        // The form has checked these against the schema; the server checks them again.
        spec: spec.sent as unknown as TrainSpec,
        preset: preset as "" | Preset,
      }),
    onSuccess: async (run) => {
      await client.invalidateQueries({ queryKey: ["runs", "list"] });
      await navigate({ to: "/runs/$runId", params: { runId: run.id } });
    },
  });
  const refused = refusedFields(launch.error, "spec");

  const wrong = Object.keys(spec.errors).length;

  function takePreset(key: string) {
    setPreset(key);
    spec.reset(specOf(key));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    launch.mutate();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Paper h="100%">
            <Stack gap="md">
              <Select
                label={t("runs.dataset")}
                required
                allowDeselect={false}
                searchable
                data={datasets.map((one) => ({ value: one.id, label: `${one.name} v${one.version}` }))}
                value={dataset}
                error={refused.dataset?.join(" ")}
                onChange={(value) => {
                  setDataset(value ?? "");
                }}
              />
              <TextInput
                label={t("runs.name")}
                description={t("launch.nameHint")}
                maxLength={120}
                value={name}
                error={refused.name?.join(" ")}
                onChange={(event) => {
                  setName(event.currentTarget.value);
                }}
              />
              <Radio.Group label={t("launch.preset")} description={t("launch.presetHint")} value={preset} onChange={takePreset}>
                <Stack gap="xs" mt="xs">
                  {schema.presets.map((one) => (
                    <Radio
                      key={one.key}
                      value={one.key}
                      label={lookUp(`server.presets.${one.key}.title`) ?? one.title}
                      description={lookUp(`server.presets.${one.key}.description`) ?? one.description}
                    />
                  ))}
                </Stack>
              </Radio.Group>
            </Stack>
          </Paper>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Paper h="100%" data-testid="spec-form">
            <Title order={2} mb="sm">
              {t("launch.specification")}
            </Title>
            {spec.values.protocol === "paper" ? (
              <Alert color="yellow" mb="sm" data-testid="paper-protocol" icon={<IconAlertTriangle size={18} aria-hidden />}>
                <Text size="sm">{t("launch.paper")}</Text>
              </Alert>
            ) : null}
            <SchemaForm
              fields={spec.fields}
              values={spec.values}
              change={(next) => {
                spec.change(next);
                if (preset && JSON.stringify(merged(spec.defaults, specOf(preset))) !== JSON.stringify(next)) setPreset("");
              }}
              errors={spec.errors}
              refused={refused}
              dictionary="spec"
            />
          </Paper>
        </Grid.Col>
      </Grid>
      <Stack mt="md" gap="sm">
        {launch.error ? <Failed error={launch.error} /> : null}
        <Group justify="flex-end">
          {wrong ? (
            <Text size="sm" role="status">
              {t("launch.correct", { count: wrong })}
            </Text>
          ) : null}
          <Button
            type="submit"
            size="md"
            loading={launch.isPending}
            disabled={!dataset || wrong > 0}
          >
            {t("launch.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
