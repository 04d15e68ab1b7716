import { Button, Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { house, houseQueries, type StorageCheck } from "~/api/house";
import { Confirm } from "~/ui/Confirm";
import { useFormats } from "~/ui/formats";
import { JobProgress } from "~/ui/JobProgress";
import { Failed, Loading } from "~/ui/states";
import { Notice } from "~/ui/Notice";

/** Starting a comparison of records and files, and what the last ones found. */
export function StorageChecks() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const checks = useQuery(houseQueries.storageChecks());
  const [asking, setAsking] = useState(false);
  const start = useMutation({
    mutationFn: house.checkStorage,
    onSuccess: () => client.invalidateQueries({ queryKey: ["storage-checks"] }),
    onSettled: () => {
      setAsking(false);
    },
  });
  const rows = checks.data?.results ?? [];
  return (
    <Paper component="section" p="md" aria-label={t("system.checks")}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{t("system.checks")}</Title>
          <Group gap="xs">
            <Button
              loading={start.isPending}
              onClick={() => {
                start.mutate({ hashing: true, repair: false });
              }}
            >
              {t("system.check")}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                start.mutate({ hashing: false, repair: false });
              }}
            >
              {t("system.quick")}
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setAsking(true);
              }}
            >
              {t("system.repair")}
            </Button>
          </Group>
        </Group>
        {start.error ? <Failed error={start.error} compact /> : null}
        {checks.isPending ? <Loading rows={2} /> : null}
        {checks.error ? <Failed error={checks.error} retry={() => void checks.refetch()} compact /> : null}
        {checks.data && !rows.length ? (
          <Text size="sm" c="dimmed">
            {t("system.none")}
          </Text>
        ) : null}
        {rows.map((row) => (
          <Check key={row.id} check={row} />
        ))}
      </Stack>
      <Confirm
        opened={asking}
        title={t("system.repair")}
        action={t("system.repair")}
        busy={start.isPending}
        close={() => {
          setAsking(false);
        }}
        confirm={() => {
          start.mutate({ hashing: true, repair: true });
        }}
      >
        {t("system.repairText")}
      </Confirm>
    </Paper>
  );
}

function Check({ check }: { check: StorageCheck }) {
  const { t } = useTranslation();
  const format = useFormats();
  const { report } = check;
  if (!report) return <JobProgress job={check.job} />;
  return (
    <Notice
      color={report.fine ? "green" : "yellow"}
      title={report.fine ? t("system.fine") : t("system.found", report.counts)}
      data-testid="storage-report"
      data-fine={report.fine}
    >
      <Text size="sm">
        {[
          format.moment(check.created_at),
          t("system.looked", { files: format.count(report.files), size: format.bytes(report.bytes) }),
          report.hashed ? t("system.read") : t("system.seenOnly"),
          report.moved ? t("system.moved", { count: report.moved }) : "",
        ]
          .filter(Boolean)
          .join(" · ")}
      </Text>
      {report.findings.slice(0, 20).map((finding) => (
        <Text size="xs" key={finding.path + finding.row}>
          {t(`system.trouble.${finding.trouble}`)} <Code>{finding.path}</Code> {finding.row}
        </Text>
      ))}
    </Notice>
  );
}
