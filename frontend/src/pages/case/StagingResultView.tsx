import { Alert, Code, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Staging, StagingResult } from "~/api/types";
import { spoken } from "~/i18n";
import { StageBadge } from "~/ui/badges";
import { NOTHING, useFormats } from "~/ui/formats";
import { LinkTo } from "~/ui/links";
import { StageBars } from "~/ui/StageBars";

const THRESHOLDS = ["S2", "S3", "S4"] as const;

/** A model's answer with everything that is needed to weigh it: spread, thresholds, origin, warnings. */
export function StagingResultView({ staging, result }: { staging: Staging; result: StagingResult }) {
  const { t } = useTranslation();
  const format = useFormats();
  const { model } = result;
  return (
    <Stack gap="sm" data-testid="staging-result">
      <Group justify="space-between">
        <StageBadge stage={result.stage} strong />
        <Text size="sm" c="dimmed">
          {format.moment(staging.finished_at ?? staging.created_at)}
        </Text>
      </Group>
      <StageBars probabilities={result.probabilities} likeliest={result.stage} />
      <SimpleGrid cols={3} spacing="xs">
        {THRESHOLDS.map((stage) => (
          <Stack key={stage} gap={0} data-testid={`at-least-${stage}`}>
            <Text size="xs" c="dimmed">
              {stage === "S4" ? "S4" : `≥ ${stage}`}
            </Text>
            <Text fw={600}>{format.percent(result.at_least[stage])}</Text>
          </Stack>
        ))}
      </SimpleGrid>
      <Stack gap={2}>
        <Fact label={t("staging.predictionSet", { coverage: format.percent(result.coverage) })}>
          {result.prediction_set.length ? result.prediction_set.join(", ") : NOTHING}
        </Fact>
        <Fact label={t("staging.bands")}>{result.bands.map((band) => `${band} (${result.images[band] ?? 0})`).join(" + ")}</Fact>
        {result.familiarity ? (
          <Fact label={t("staging.familiarity")}>
            {result.familiarity.p_value === null
              ? t("staging.familiarityTooFew")
              : t("staging.familiarityP", { p: result.familiarity.p_value.toFixed(result.familiarity.p_value < 0.1 ? 3 : 2) })}
          </Fact>
        ) : null}
        <Fact label={t("staging.time")}>
          <span data-testid="staging-seconds">{format.seconds(result.seconds)}</span>
        </Fact>
        <Fact label={t("staging.model")}>
          <LinkTo to="/models/$modelId" params={{ modelId: model.id }} size="sm">
            {model.name}
          </LinkTo>
        </Fact>
        <Fact label={t("staging.dataset")}>
          <Code title={model.dataset_hash}>{model.dataset_hash.slice(0, 12)}</Code>
        </Fact>
      </Stack>
      {result.referral.map((reason) => (
        <Alert key={reason} color="orange" p="xs" icon={<IconAlertTriangle size={16} aria-hidden />} data-testid={reason}>
          <Text size="sm">{t(`staging.referral.${reason}`)}</Text>
          {reason === "unfamiliar-pictures"
            ? result.familiarity?.unlike.map((picture) => (
                <Text key={`${picture.band}${picture.number}`} size="xs" c="dimmed">
                  {t("staging.unlike", {
                    band: picture.band,
                    number: picture.number + 1,
                    trait: t(`staging.trait.${picture.trait}.${picture.direction}`),
                    share: format.percent(picture.p_value),
                  })}
                </Text>
              ))
            : null}
        </Alert>
      ))}
      {result.warnings.map((warning) => (
        <Alert key={warning} color="yellow" p="xs" icon={<IconAlertTriangle size={16} aria-hidden />}>
          <Text size="sm">{spoken(warning)}</Text>
        </Alert>
      ))}
    </Stack>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" ta="right">
        {children}
      </Text>
    </Group>
  );
}
