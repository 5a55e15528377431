import { Gauge, type Registry } from 'prom-client';

/** A gauge out of figures that are read with every scrape. */
export interface FigureGauge<Figures> {
  name: string;
  help: string;
  /** With a label: its name, and a value for each of its values. */
  label?: string;
  value: (figures: Figures) => number | Record<string, number>;
}

/** Registers gauges that share one reading: a scrape asks all of them at once, and `read` is called once for it. */
export function registerFigures<Figures>(
  registry: Registry,
  read: () => Promise<Figures>,
  gauges: readonly FigureGauge<Figures>[],
): void {
  let reading: Promise<Figures> | null = null;
  const shared = () => (reading ??= read().finally(() => (reading = null)));
  for (const { name, help, label, value } of gauges)
    new Gauge({
      ...{ name, help, registers: [registry], labelNames: label ? [label] : [] },
      async collect() {
        const figure = value(await shared());
        if (typeof figure === 'number') return this.set(figure);
        for (const [of, count] of Object.entries(figure)) this.set({ [label!]: of }, count);
      },
    });
}
