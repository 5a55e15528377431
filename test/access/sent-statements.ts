import pg from 'pg';
import { vi } from 'vitest';

/** What a connection has prepared, and the transaction that is open on it. */
interface Line {
  prepared: Map<string, string>;
  open: string[];
}

/** Watches what every connection of this process sends to PostgreSQL. */
export function watchStatements() {
  const spy = vi.spyOn(pg.Client.prototype, 'query');
  const lines = new Map<unknown, Line>();

  /** The transactions that have ended since the last call, each as the names of its statements; sorted, as some run side by side. */
  const taken = (): string[] => {
    const ended: string[] = [];
    for (const [i, [first]] of spy.mock.calls.entries()) {
      const line = lines.get(spy.mock.contexts[i]) ?? { prepared: new Map<string, string>(), open: [] };
      lines.set(spy.mock.contexts[i], line);
      const text = typeof first === 'string' ? first : (first as unknown as { text: string }).text;
      const [, name, named] = /^PREPARE (\w+) AS\s+\/\* (\w+) \*\//.exec(text) ?? [];
      if (name) line.prepared.set(name, named!);
      if (/^(PREPARE|DEALLOCATE)/.test(text)) continue; // once for each connection, whoever asks
      line.open.push(nameOf(line, text));
      if (line.open[0] === 'BEGIN' && !/^(COMMIT|ROLLBACK)$/.test(text)) continue;
      ended.push(line.open.splice(0).join(' '));
    }
    spy.mockClear();
    return ended.sort();
  };

  return { taken, stop: () => spy.mockRestore() };
}

const nameOf = ({ prepared }: Line, text: string): string =>
  /\/\* (\w+) \*\//.exec(text)?.[1] ?? prepared.get(/EXECUTE (\w+)/.exec(text)?.[1] ?? '') ?? text.split(/[\s;]/)[0]!;
