declare module "plotly.js-cartesian-dist-min" {
  export interface Plotly {
    react(
      place: HTMLElement,
      data: object[],
      layout: Record<string, unknown>,
      config: Record<string, unknown>,
    ): Promise<unknown>;
    register(locale: { moduleType: "locale"; name: string; dictionary: Record<string, string>; format: object }): void;
    purge(place: HTMLElement): void;
    Plots: { resize(place: HTMLElement): void };
  }
  const plotly: Plotly;
  export default plotly;
}
