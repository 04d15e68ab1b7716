import { ScrollArea } from "@mantine/core";

/** A wide table in a region of its own, which the keyboard reaches. */
export function Scrolled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <ScrollArea.Autosize mah={560} viewportProps={{ tabIndex: 0, role: "region", "aria-label": label }}>
      {children}
    </ScrollArea.Autosize>
  );
}
