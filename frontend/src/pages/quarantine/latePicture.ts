/**
 * A picture that the server may be too busy for at the moment (503 `picture-late`): asked for once more by itself, then
 * said, with a way to try again. An `<img>` does not say why it has no picture, so the reason is asked for.
 */
import { useEffect, useRef, useState } from "react";
import { type ApiProblem, problemOf } from "~/api/problem";

const PAUSE_MS = 1500;

interface LatePicture {
  /** What to show; another address of the same picture after each try. */
  address: string;
  problem: ApiProblem | null;
  onError: () => void;
  again: () => void;
}

interface Tries {
  source: string;
  number: number;
  problem: ApiProblem | null;
}

export function addressOfTry(source: string, number: number): string {
  return number ? `${source}${source.includes("?") ? "&" : "?"}again=${number}` : source;
}

export function useLatePicture(source: string): LatePicture {
  const [held, setHeld] = useState<Tries>({ source, number: 0, problem: null });
  const tries = held.source === source ? held : { source, number: 0, problem: null };
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => { window.clearTimeout(timer.current); }, [source]);

  function again() {
    setHeld({ source, number: tries.number + 1, problem: null });
  }
  async function why() {
    const response = await fetch(addressOfTry(source, tries.number)).catch(() => new Response(null, { status: 503 }));
    if (response.ok) again();
    else setHeld({ source, number: tries.number, problem: await problemOf(response) });
  }
  function onError() {
    if (tries.number === 0) timer.current = window.setTimeout(again, PAUSE_MS);
    else void why();
  }
  return { address: addressOfTry(source, tries.number), problem: tries.problem, onError, again };
}
