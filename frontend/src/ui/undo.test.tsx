// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTranslation } from "~/i18n";
import { offerUndo, UNDO_MS, UndoMessage } from "./undo";

let root: Root;
const place = () => document.querySelector('[data-testid="undo"]');
const press = async (name: string) => {
  const button = [...document.querySelectorAll("button")].find(
    (one) => one.textContent === name || one.getAttribute("aria-label") === name,
  );
  await act(async () => {
    button?.click();
    await Promise.resolve();
  });
};

beforeEach(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  await startTranslation();
  vi.useFakeTimers();
  const box = document.body.appendChild(document.createElement("div"));
  root = createRoot(box);
  act(() => {
    root.render(
      <MantineProvider>
        <UndoMessage />
      </MantineProvider>,
    );
  });
});

afterEach(async () => {
  await press("Close");
  act(() => {
    root.unmount();
  });
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the way back", () => {
  it("undoes and never does what was put off", async () => {
    const undo = vi.fn(async () => undefined);
    const commit = vi.fn(async () => undefined);
    act(() => {
      offerUndo({ text: "Removed", undo, commit });
    });
    expect(place()?.textContent).toContain("Removed");
    await press("Undo");
    await act(() => vi.advanceTimersByTimeAsync(2 * UNDO_MS));
    expect(undo).toHaveBeenCalledOnce();
    expect(commit).not.toHaveBeenCalled();
    expect(place()).toBeNull();
  });

  it("does what was put off when its time is over, once", async () => {
    const commit = vi.fn(async () => undefined);
    act(() => {
      offerUndo({ text: "Removed", undo: async () => undefined, commit });
    });
    await act(() => vi.advanceTimersByTimeAsync(UNDO_MS - 10));
    expect(commit).not.toHaveBeenCalled();
    await act(() => vi.advanceTimersByTimeAsync(2 * UNDO_MS));
    expect(commit).toHaveBeenCalledOnce();
  });

  it("does what was put off when something else is removed", () => {
    const commit = vi.fn(async () => undefined);
    act(() => {
      offerUndo({ text: "First", undo: async () => undefined, commit });
      offerUndo({ text: "Second", undo: async () => undefined });
    });
    expect(commit).toHaveBeenCalledOnce();
    expect(place()?.textContent).toContain("Second");
  });

  it("says why it could not be undone, and stays", async () => {
    act(() => {
      offerUndo({ text: "Removed", undo: () => Promise.reject(new Error("gone")) });
    });
    await press("Undo");
    await act(() => vi.advanceTimersByTimeAsync(2 * UNDO_MS));
    expect(place()?.querySelector('[role="alert"]')).not.toBeNull();
  });
});
