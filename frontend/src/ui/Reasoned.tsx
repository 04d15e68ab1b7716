import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";

/** The server's rule for reasons, told before it is asked. */
export function isReason(text: string): boolean {
  return text.trim().length >= 3;
}

/** A step that is recorded with a reason: it can be taken once one is given. */
export function Reasoned({
  label,
  action,
  busy,
  take,
}: {
  /** What is asked for. */
  label: string;
  /** What the button does. */
  action: string;
  busy: boolean;
  take: (reason: string) => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        size="xs"
        flex={1}
        label={label}
        required
        maxLength={500}
        value={reason}
        onChange={(event) => {
          setReason(event.currentTarget.value);
        }}
      />
      <Button
        size="xs"
        variant="default"
        disabled={!isReason(reason)}
        loading={busy}
        onClick={() => {
          take(reason);
        }}
      >
        {action}
      </Button>
    </Group>
  );
}
