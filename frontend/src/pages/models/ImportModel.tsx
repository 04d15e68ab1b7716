import { Button, FileInput, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "~/api/endpoints";
import { queries } from "~/api/queries";
import { useJob } from "~/live/useJob";
import { Dialog } from "~/ui/Dialog";
import { JobProgress } from "~/ui/JobProgress";
import { ButtonTo } from "~/ui/links";
import { Failed, Loading } from "~/ui/states";

/** A model from elsewhere: sent, evaluated on a dataset of this house, then in the registry. */
export function ImportModel() {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open}>
        {t("exchange.open")}
      </Button>
      <Dialog opened={opened} close={close} title={t("exchange.title")} size="lg">
        <Form />
      </Dialog>
    </>
  );
}

function Form() {
  const { t } = useTranslation();
  const datasets = useQuery(queries.datasets());
  const [file, setFile] = useState<File | null>(null);
  const [dataset, setDataset] = useState<string | null>(null);
  const [name, setName] = useState("");
  const send = useMutation({ mutationFn: api.importModel });
  const frozen = datasets.data?.results.filter((version) => version.state === "frozen") ?? [];
  if (send.data) return <Arrival job={send.data.job.id} model={send.data.model} />;
  if (datasets.isPending) return <Loading rows={3} />;
  return (
    <Stack gap="sm">
      <Text size="sm">{t("exchange.text")}</Text>
      {frozen.length ? null : <Text size="sm">{t("exchange.noDataset")}</Text>}
      <FileInput
        label={t("exchange.file")}
        placeholder={t("exchange.choose")}
        accept=".zip,application/zip"
        value={file}
        onChange={setFile}
        clearable
        clearButtonProps={{ "aria-label": t("common.clear") }}
      />
      <Select
        label={t("exchange.dataset")}
        description={t("exchange.datasetHint")}
        data={frozen.map((version) => ({ value: version.id, label: `${version.name} v${version.version}` }))}
        value={dataset}
        onChange={setDataset}
        searchable
      />
      <TextInput
        label={t("exchange.name")}
        description={t("exchange.nameHint")}
        maxLength={100}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
      />
      {send.error ? <Failed error={send.error} compact /> : null}
      <Group justify="flex-end">
        <Button
          disabled={!file || !dataset}
          loading={send.isPending}
          onClick={() => {
            if (file && dataset) send.mutate({ file, dataset, name });
          }}
        >
          {t("exchange.submit")}
        </Button>
      </Group>
    </Stack>
  );
}

function Arrival({ job, model }: { job: string; model: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const followed = useJob(job);
  const done = followed?.job?.state === "succeeded";
  useEffect(() => {
    if (done) void client.invalidateQueries({ queryKey: ["models"] });
  }, [done, client]);
  if (!followed?.job) return <Loading rows={2} />;
  return (
    <Stack gap="sm">
      <JobProgress job={followed.job} connection={followed.connection} />
      {done ? (
        <Group justify="flex-end">
          <ButtonTo to="/models/$modelId" params={{ modelId: model }}>
            {t("exchange.openModel")}
          </ButtonTo>
        </Group>
      ) : null}
    </Stack>
  );
}
