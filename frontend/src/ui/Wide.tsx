import { Box } from "@mantine/core";
import type { ReactNode } from "react";

/** Scrolls sideways what does not fit, by keyboard too; for content without anything focusable of its own. */
export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box role="region" aria-label={label} tabIndex={0} style={{ overflowX: "auto" }}>
      {children}
    </Box>
  );
}
