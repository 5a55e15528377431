import { readFileSync } from 'node:fs';

const lookEveryMs = 20;

/** Memory of another process that is really in use (VmRSS), in bytes; null where the system does not tell it so. */
export function residentBytes(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!line) throw new Error(`/proc/${pid}/status tells no VmRSS`);
  return Number(line[1]) * 1024;
}

/** Looks at the memory of a process until `growth` is asked for. */
export class MemoryWatch {
  private readonly timer: NodeJS.Timeout;
  private readonly before: number | null;
  private most: number;

  constructor(private readonly pid: number) {
    this.before = residentBytes(pid);
    this.most = this.before ?? 0;
    this.timer = setInterval(() => this.look(), lookEveryMs);
  }

  /** Bytes between the first look and the highest one; null where it cannot be told. */
  growth(): number | null {
    this.look();
    this.stop();
    return this.before === null ? null : this.most - this.before;
  }

  /** May be called twice. */
  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    this.most = Math.max(this.most, residentBytes(this.pid) ?? 0);
  }
}
