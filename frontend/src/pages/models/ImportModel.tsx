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
import { ButtonTo, LinkTo } from "~/ui/links";
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
  if (send.data) return <Arrival job={send.data.job.id} model={send.data.model} again={send.reset} />;
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
        onChange={(chosen) => {
          setFile(chosen);
          send.reset(); // what was said is about another file
        }}
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

interface ArrivalProps {
  job: string;
  model: string;
  /** Back to the form, which still has what was filled in. */
  again: () => void;
}

function Arrival({ job, model, again }: ArrivalProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const followed = useJob(job);
  const state = followed?.job?.state;
  const done = state === "succeeded";
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
      {state === "failed" || state === "cancelled" ? (
        <Group justify="flex-end">
          <Button variant="default" onClick={again}>
            {t("exchange.again")}
          </Button>
        </Group>
      ) : null}
      {state === "queued" || state === "running" ? (
        <Text size="sm">
          {t("exchange.underway")}{" "}
          <LinkTo to="/jobs/$jobId" params={{ jobId: job }} size="sm">
            {t("exchange.openJob")}
          </LinkTo>
        </Text>
      ) : null}
    </Stack>
  );
}
