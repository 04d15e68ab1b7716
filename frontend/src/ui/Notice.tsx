import { Alert, type AlertProps } from "@mantine/core";

/** An alert whose words have the contrast of ordinary text, on whichever colour. */
export function Notice(props: AlertProps & { "data-testid"?: string; "data-fine"?: boolean }) {
  const text = { color: "var(--mantine-color-text)" };
  return <Alert variant="light" styles={{ title: text, message: text }} {...props} />;
}
