import { Badge, Group, Paper, Progress, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { houseQueries, type System } from "~/api/house";
import { spoken } from "~/i18n";
import { useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { Notice } from "~/ui/Notice";
import { StorageChecks } from "./StorageChecks";

const COLOURS = { ok: "green", degraded: "yellow", failed: "red" } as const;
const GIGABYTE = 1e9;
const GIBIBYTE = 2 ** 30; // the unit of the limits' settings

/** In what condition the house is; asked again every five seconds. */
export function SystemPage() {
  const { t } = useTranslation();
  const system = useQuery(houseQueries.system());
  return (
    <Page title={t("system.title")} lead={t("system.lead")}>
      {system.isPending ? <Loading rows={6} /> : null}
      {system.error ? <Failed error={system.error} retry={() => void system.refetch()} /> : null}
      {system.data ? <Condition system={system.data} /> : null}
      <StorageChecks />
    </Page>
  );
}

function Condition({ system }: { system: System }) {
  const { t } = useTranslation();
  return (
    <>
      <Notice color={COLOURS[system.status]} title={t(`system.status.${system.status}`)} data-testid="system-status">
        <Group gap="sm">
          {(["database", "redis"] as const).map((part) => (
            <Badge key={part} variant="default" tt="none">
              {t(`system.part.${part}`)}: {t(`system.partState.${system[part]}`)}
            </Badge>
          ))}
          <Text size="xs">
            {`Python ${system.versions.python} · Django ${system.versions.django} · ${system.versions.database}`}
          </Text>
        </Group>
      </Notice>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Queues system={system} />
        <Disks system={system} />
        <Holdings holdings={system.holdings} />
        <Sites system={system} />
      </SimpleGrid>
      <Workers system={system} />
    </>
  );
}

function Queues({ system }: { system: System }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Paper component="section" p="md" aria-label={t("system.queues")}>
      <Title order={2}>{t("system.queues")}</Title>
      <Table data-testid="queues">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("jobs.queue")}</Table.Th>
            <Table.Th ta="right">{t("system.waiting")}</Table.Th>
            <Table.Th ta="right">{t("system.oldest")}</Table.Th>
            <Table.Th ta="right">{t("system.running")}</Table.Th>
            <Table.Th ta="right">{t("system.workersHere")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {system.queues.map((queue) => (
            <Table.Tr key={queue.queue}>
              <Table.Td>
                <Text size="sm" ff="monospace">
                  {queue.queue}
                </Text>
                {queue.workers ? null : <Text size="xs">{t("system.nobody")}</Text>}
              </Table.Td>
              <Table.Td ta="right">{format.count(queue.waiting)}</Table.Td>
              <Table.Td ta="right">{queue.waiting ? format.seconds(queue.oldest_seconds) : ""}</Table.Td>
              <Table.Td ta="right">{format.count(queue.running)}</Table.Td>
              <Table.Td ta="right">{format.count(queue.workers)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Disks({ system }: { system: System }) {
  const { t } = useTranslation();
  const format = useFormats();
  const size = (bytes: number) => `${format.decimal(bytes / GIGABYTE, 1)} GB`;
  return (
    <Paper component="section" p="md" aria-label={t("system.disks")}>
      <Stack gap="sm">
        <Title order={2}>{t("system.disks")}</Title>
        {system.disks.map((disk) => {
          const used = 1 - disk.free / disk.total;
          return (
            <div key={disk.name}>
              <Group justify="space-between">
                <Text size="sm">{t(`system.disk.${disk.name}`)}</Text>
                <Text size="sm" c="dimmed">
                  {t("system.free", { free: size(disk.free), total: size(disk.total) })}
                </Text>
              </Group>
              <Progress
                value={used * 100}
                color={used > 0.9 ? "red" : undefined}
                aria-label={t(`system.disk.${disk.name}`)}
              />
            </div>
          );
        })}
      </Stack>
    </Paper>
  );
}

/** Where files are kept and how many there are; counted beside, so it may be some minutes old. */
function Holdings({ holdings }: { holdings: System["holdings"] }) {
  const { t } = useTranslation();
  const format = useFormats();
  const size = (bytes: number) => `${format.decimal(bytes / GIGABYTE, 1)} GB`;
  const { counted } = holdings;
  const answers = holdings.answers === null ? "unknown" : holdings.answers ? "yes" : "no";
  const rows: [string, string][] = [];
  if (holdings.bucket) rows.push([t("system.bucket"), t(`system.bucketAnswers.${answers}`)]);
  if (counted) {
    const number = format.count(counted.files);
    rows.push([
      holdings.bucket ? t("system.objects") : t("system.storedFiles"),
      t(counted.complete ? "system.numberAndSize" : "system.moreThan", { number, size: size(counted.bytes) }),
    ]);
    if (counted.unsent !== null) rows.push([t("system.unsent"), format.count(counted.unsent)]);
    if (counted.cache_bytes !== null && holdings.cache_limit !== null) {
      const use = { used: size(counted.cache_bytes), limit: size(holdings.cache_limit) };
      rows.push([t("system.cache"), t("system.siteUse", use)]);
    }
  }
  if (holdings.to_remove) rows.push([t("system.toRemove"), format.count(holdings.to_remove)]);
  return (
    <Paper component="section" p="md" aria-label={t("system.holdings")} data-testid="holdings">
      <Stack gap="sm">
        <Title order={2}>{t("system.holdings")}</Title>
        {rows.map(([label, value]) => (
          <Group key={label} justify="space-between">
            <Text size="sm">{label}</Text>
            <Text size="sm" c="dimmed">
              {value}
            </Text>
          </Group>
        ))}
        {holdings.answers === false ? <Text size="sm">{t("system.bucketAway")}</Text> : null}
        {counted?.unsent ? <Text size="sm">{t("system.unsentHelp")}</Text> : null}
        <Text size="xs" c="dimmed">
          {counted ? t("system.countedAt", { at: format.moment(counted.at) }) : t("system.counting")}
        </Text>
      </Stack>
    </Paper>
  );
}

/** What each site holds of what it may; without a limit there is only the number. */
function Sites({ system }: { system: System }) {
  const { t } = useTranslation();
  const format = useFormats();
  const size = (bytes: number) => `${format.decimal(bytes / GIBIBYTE, 1)} GiB`;
  return (
    <Paper component="section" p="md" aria-label={t("system.sites")} data-testid="sites-use">
      <Stack gap="sm">
        <Title order={2}>{t("system.sites")}</Title>
        {system.sites.length ? null : <Text size="sm">{t("system.noSites")}</Text>}
        {system.sites.map((row) => (
          <div key={row.site}>
            <Group justify="space-between">
              <Text size="sm">{row.site}</Text>
              <Text size="sm" c="dimmed">
                {row.limit
                  ? t("system.siteUse", { used: size(row.used), limit: size(row.limit) })
                  : t("system.siteUseUnlimited", { used: size(row.used) })}
              </Text>
            </Group>
            {row.limit ? (
              <Progress
                value={Math.min(100, (100 * row.used) / row.limit)}
                color={row.used > 0.9 * row.limit ? "red" : undefined}
                aria-label={row.site}
              />
            ) : null}
          </div>
        ))}
      </Stack>
    </Paper>
  );
}

function Workers({ system }: { system: System }) {
  const { t } = useTranslation();
  const format = useFormats();
  return (
    <Paper component="section" p="md" aria-label={t("system.workers")}>
      <Title order={2}>{t("system.workers")}</Title>
      {system.workers.length ? (
        <Table data-testid="workers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("system.worker")}</Table.Th>
              <Table.Th>{t("jobs.queue")}</Table.Th>
              <Table.Th>{t("common.stateLabel")}</Table.Th>
              <Table.Th>{t("system.at")}</Table.Th>
              <Table.Th>{t("system.since")}</Table.Th>
              <Table.Th>{t("system.seen")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {system.workers.map((worker) => (
              <Table.Tr key={worker.name}>
                <Table.Td>{worker.name}</Table.Td>
                <Table.Td>{worker.queues.join(", ")}</Table.Td>
                <Table.Td>{worker.alive ? t("system.alive") : t("system.silent")}</Table.Td>
                <Table.Td>
                  {worker.job ? (
                    <LinkTo to="/jobs/$jobId" params={{ jobId: worker.job.id }}>
                      {spoken(worker.job.title)}
                    </LinkTo>
                  ) : (
                    t("system.idle")
                  )}
                </Table.Td>
                <Table.Td>{format.moment(worker.started_at)}</Table.Td>
                <Table.Td>{format.clock(worker.seen_at)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ) : (
        <Text size="sm" c="dimmed">
          {t("system.noWorkers")}
        </Text>
      )}
    </Paper>
  );
}
