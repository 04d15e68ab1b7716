/** One frame's outline in hand: what is drawn, its undo, and its way to the server. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useMe } from "~/api/session";
import { readingApi, readingQueries } from "../api";
import type { Polygon } from "./geometry";
import { begun, changed, type Change, drawnOn, type History } from "./history";
import { type Draft, type Entry, Journal, type Origin } from "./journal";
import { type Outline, randomKey, Saver, type SaverView } from "./saver";

export interface OutlineInHand {
  draft: Draft;
  canUndo: boolean;
  canRedo: boolean;
  saving: SaverView;
  /** What other pages of this person left unsent for this frame. */
  left: { name: string; entry: Entry }[];
  draw: (draft: Partial<Draft>) => void;
  undo: () => void;
  redo: () => void;
  /** Puts a version on top of what is drawn; one undo takes it off again. */
  show: (polygons: Polygon[], origin: Origin, from?: Pick<Draft, "proposal" | "algorithm">) => void;
  takeLeft: (name: string, entry: Entry) => void;
  resolve: (choice: "mine" | "theirs") => void;
  /** Sends what waits; resolves when the server has everything, or with false where it has not. */
  flush: () => Promise<boolean>;
  moved: (outline: Outline) => void;
}

function draftOf(outline: Outline | null): Draft {
  return { polygons: (outline?.polygons ?? []) as Polygon[], open: [], origin: outline?.origin ?? "polygon" };
}

export function useOutline(image: string, frame: number, first: Outline | null): OutlineInHand {
  const me = useMe();
  const client = useQueryClient();
  const [tab] = useState(randomKey);
  const journal = useMemo(
    () => new Journal(localStorage, { user: me.id, image, frame, tab }),
    [me.id, image, frame, tab],
  );
  const [start] = useState(() => ({ revision: first?.revision ?? 0, draft: draftOf(first), left: journal.left() }));
  const [history, setHistory] = useState<History>(() => begun(start.left[0]?.entry.draft ?? start.draft));
  const [left, setLeft] = useState(start.left.slice(1));
  const latest = useRef(history);
  const [saving, setSaving] = useState<SaverView>({
    phase: start.left.length ? "waiting" : "saved",
    revision: start.revision,
    theirs: null,
    problem: null,
    kept: true,
  });
  const saver = useRef<Saver | null>(null);

  const apply = useCallback((change: Change, tell: boolean) => {
    const next = changed(latest.current, change);
    if (next === latest.current) return;
    latest.current = next;
    setHistory(next);
    if (tell) saver.current?.change(next.present);
  }, []);

  useEffect(() => {
    const made = new Saver({
      journal,
      revision: start.revision,
      send: (save) => readingApi.saveOutline({ ...save, image, frame }),
      tell: setSaving,
      adopt: (outline) => {
        apply({ kind: "show", draft: draftOf(outline) }, false);
        void client.invalidateQueries({ queryKey: ["outlines"] });
      },
    });
    saver.current = made;
    const [found] = journal.left();
    const mine = journal.mine(); // there already where React mounts twice, in development
    if (!mine && found) journal.take(found.name, found.entry);
    const entry = mine ?? found?.entry;
    if (entry) made.resume(entry);
    const again = () => {
      made.retryNow();
    };
    window.addEventListener("online", again);
    return () => {
      window.removeEventListener("online", again);
      made.close();
    };
  }, [journal, start, image, frame, apply, client]);

  const server = useQuery(readingQueries.outlineOf(image, frame));
  useEffect(() => {
    if (server.data) saver.current?.seen(server.data);
  }, [server.data]);

  return {
    draft: history.present,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    saving,
    left,
    draw: (draft) => {
      apply({ kind: "draw", draft: drawnOn(latest.current.present, draft) }, true);
    },
    undo: () => {
      apply({ kind: "undo" }, true);
    },
    redo: () => {
      apply({ kind: "redo" }, true);
    },
    show: (polygons, origin, from) => {
      apply({ kind: "show", draft: { polygons, open: [], origin, ...from } }, true);
    },
    takeLeft: (name, entry) => {
      localStorage.removeItem(name);
      setLeft((held) => held.filter((one) => one.name !== name));
      apply({ kind: "show", draft: entry.draft }, true);
    },
    resolve: (choice) => {
      saver.current?.resolve(choice);
    },
    flush: async () => {
      await saver.current?.flush();
      return saver.current?.state.phase === "saved";
    },
    moved: (outline) => {
      saver.current?.moved(outline);
    },
  };
}
