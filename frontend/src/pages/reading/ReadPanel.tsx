import { Alert, Button, Chip, Group, Kbd, Paper, Radio, Stack, Text, Textarea, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { STAGES } from "~/api/types";
import { Failed } from "~/ui/states";
import { type Quality, QUALITIES, type QualityReason, type ReadKind, readingApi, REASONS } from "./api";
import { CANNOT_TELL, readCommandOf, REASON_KEYS, STAGE_ANSWERS, type StageAnswer } from "./readKeys";

interface ReadPanelProps {
  exam: string;
  kind: ReadKind;
  skip: () => void;
  locked: () => Promise<void>;
}

/** The answer: chosen by a digit, locked by Enter, then it stays as it is. */
export function ReadPanel({ exam, kind, skip, locked }: ReadPanelProps) {
  const { t } = useTranslation();
  const [began] = useState(() => performance.now());
  const [quality, setQuality] = useState<Quality | null>(null);
  const [stage, setStage] = useState<StageAnswer | null>(null);
  const [reasons, setReasons] = useState<QualityReason[]>([]);
  const [note, setNote] = useState("");
  const lacksReason = kind === "quality" && quality !== null && quality !== "acceptable" && !reasons.length;
  const answered = kind === "quality" ? quality !== null && !lacksReason : stage !== null;

  const lock = useMutation({
    mutationFn: async () => {
      const seconds = (performance.now() - began) / 1000;
      if (kind === "quality" && quality) await readingApi.lockQuality({ exam, quality, reasons, note, seconds });
      else if (stage !== null) await readingApi.lockStage({ exam, stage: stage === CANNOT_TELL ? null : stage, note, seconds });
    },
    onSuccess: locked,
  });

  function toggle(reason: QualityReason) {
    setReasons((held) => (held.includes(reason) ? held.filter((one) => one !== reason) : [...held, reason]));
  }

  const onKey = useRef<(event: KeyboardEvent) => void>(() => undefined);
  useEffect(() => {
    onKey.current = (event) => {
      const target = event.target as HTMLElement;
      if (target.closest("textarea, input:not([type=radio]):not([type=checkbox]), [role=dialog], [role=menu]")) return;
      if (event.key === "Enter" && target.closest("a, button")) return;
      const command = readCommandOf(event, kind);
      if (!command) return;
      event.preventDefault();
      if (command.kind === "quality") setQuality(command.quality);
      else if (command.kind === "stage") setStage(command.stage);
      else if (command.kind === "reason") toggle(command.reason);
      else if (command.kind === "skip") skip();
      else if (answered && !lock.isPending) lock.mutate();
    };
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      onKey.current(event);
    };
    window.addEventListener("keydown", listen);
    return () => {
      window.removeEventListener("keydown", listen);
    };
  }, []);

  return (
    <Paper component="section" aria-labelledby="read-title" data-testid="read-panel">
      <Stack gap="sm">
        <Title order={2} id="read-title">
          {t(`reading.question.${kind}`)}
        </Title>
        {kind === "quality" ? (
          <Radio.Group
            aria-labelledby="read-title"
            value={quality}
            onChange={(value) => {
              setQuality(value as Quality);
            }}
          >
            <Stack gap={6}>
              {QUALITIES.map((one, index) => (
                <Answer key={one} value={one} label={t(`reading.quality.${one}`)} digit={index + 1} />
              ))}
            </Stack>
          </Radio.Group>
        ) : (
          <Radio.Group
            aria-labelledby="read-title"
            value={stage === null ? null : String(stage)}
            onChange={(value) => {
              setStage(value === CANNOT_TELL ? CANNOT_TELL : (Number(value) as StageAnswer));
            }}
          >
            <Stack gap={6}>
              {STAGE_ANSWERS.map((one, index) => (
                <Answer
                  key={one}
                  value={String(one)}
                  label={one === CANNOT_TELL ? t("reading.cannotTell") : `${STAGES[one]} · ${t(`reading.stage.${STAGES[one]}`)}`}
                  digit={index + 1}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        {kind === "quality" && quality !== null && quality !== "acceptable" ? (
          <Stack gap={6}>
            <Text size="sm" fw={600}>
              {t("reading.reasons")}
            </Text>
            <Group gap={6} role="group" aria-label={t("reading.reasons")}>
              {REASONS.map((reason) => (
                <Chip
                  key={reason}
                  size="xs"
                  checked={reasons.includes(reason)}
                  onChange={() => {
                    toggle(reason);
                  }}
                >
                  {t(`reading.reason.${reason}`)} · {REASON_KEYS[reason].toUpperCase()}
                </Chip>
              ))}
            </Group>
            {lacksReason ? (
              <Text size="xs" c="dimmed">
                {t("reading.needsReason")}
              </Text>
            ) : null}
          </Stack>
        ) : null}
        <Textarea
          label={t("reading.note")}
          autosize
          minRows={2}
          maxLength={500}
          value={note}
          onChange={(event) => {
            setNote(event.currentTarget.value);
          }}
        />
        <Group gap="xs">
          <Button
            leftSection={<IconLock size={16} aria-hidden />}
            disabled={!answered}
            loading={lock.isPending}
            onClick={() => {
              lock.mutate();
            }}
          >
            {t("reading.lock")}
          </Button>
          <Button variant="default" onClick={skip}>
            {t("reading.skip")}
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          {t("reading.keysHint")}
        </Text>
        {lock.error ? <Failed error={lock.error} compact /> : null}
        <Alert color="gray" p="xs" styles={{ message: { color: "var(--mantine-color-text)" } }}>
          <Text size="xs">{t("reading.blind")}</Text>
        </Alert>
      </Stack>
    </Paper>
  );
}

function Answer({ value, label, digit }: { value: string; label: string; digit: number }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Radio value={value} label={label} flex={1} />
      <Kbd aria-hidden>{digit}</Kbd>
    </Group>
  );
}
