/** What was removed, and the way back: one message at a time, at the foot of every page. */
import { Button, CloseButton, Group, Paper, Portal, Stack, Text } from "@mantine/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Listeners } from "~/live/listeners";
import { Failed } from "./states";

interface Offer {
  text: string;
  /** Brings back what was removed. */
  undo: () => Promise<unknown> | undefined;
  /** What is done for good when nobody has undone it; without it, it is done already. */
  commit?: () => Promise<unknown>;
}

/** Long enough to be read to the end by a screen reader and reached by keyboard. */
export const UNDO_MS = 15_000;

let current: Offer | null = null;
const listeners = new Listeners();

function set(offer: Offer | null): void {
  current = offer;
  listeners.tell();
}

/** Shows that something was removed; what the message before it had put off is done now. */
export function offerUndo(offer: Offer): void {
  void current?.commit?.();
  set(offer);
}

export function UndoMessage() {
  const offer = useSyncExternalStore(listeners.subscribe, () => current);
  // A live region has to be there before its words are.
  return (
    <Portal>
      <div role="status" aria-live="polite" style={{ position: "fixed", insetInlineEnd: 16, bottom: 16, zIndex: 300 }}>
        {offer ? <Message key={offer.text} offer={offer} /> : null}
      </div>
    </Portal>
  );
}

function Message({ offer }: { offer: Offer }) {
  const { t } = useTranslation();
  const [held, setHeld] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const waiting = !held && !busy && error === null;
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setTimeout(() => {
      close();
    }, UNDO_MS);
    return () => {
      clearTimeout(timer);
    };
  });

  function close() {
    if (current !== offer) return;
    set(null);
    void offer.commit?.();
  }

  async function undo() {
    setBusy(true);
    setError(null);
    try {
      await offer.undo();
      if (current === offer) set(null);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Paper
      shadow="md"
      p="sm"
      maw={420}
      data-testid="undo"
      onMouseEnter={() => {
        setHeld(true);
      }}
      onMouseLeave={() => {
        setHeld(false);
      }}
      onFocus={() => {
        setHeld(true);
      }}
      onBlur={() => {
        setHeld(false);
      }}
    >
      <Stack gap="xs">
        <Group gap="sm" wrap="nowrap" justify="space-between">
          <Text size="sm">{offer.text}</Text>
          <Group gap={4} wrap="nowrap">
            <Button size="compact-sm" variant="default" loading={busy} onClick={() => void undo()}>
              {t("undo.action")}
            </Button>
            <CloseButton aria-label={t("common.close")} onClick={close} />
          </Group>
        </Group>
        {error ? <Failed error={error} compact /> : null}
      </Stack>
    </Paper>
  );
}
