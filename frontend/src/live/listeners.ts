/** Who hears of changes of something that lives outside React; `subscribe` is what `useSyncExternalStore` takes. */
export class Listeners {
  private readonly all = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.all.add(listener);
    return () => {
      this.all.delete(listener);
    };
  };

  tell(): void {
    for (const listener of this.all) listener();
  }
}
