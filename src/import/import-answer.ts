import type { ServerResponse } from 'node:http';
import type { Claimed } from './claim-operation.js';
import type { ImportRefused } from './refused.js';
import { roomToWrite } from './room-to-write.js';
import { problemLines, type StoredChunk } from './results.js';

/** So much may wait for a client that does not read; what comes beyond it is told later, from what is stored. */
const mostWaitingBytes = 2_000_000;

/**
 * The answer of an import: the problems of each chunk as it is written, then one last line. Never waits for a client while
 * its file is coming in: many read nothing before they have sent everything.
 */
export class ImportAnswer {
  /** First row of the last chunk that was told. */
  private told = 0;
  private behind = false;
  private operationId: string | null = null;

  constructor(
    private readonly response: ServerResponse,
    /** The next stored chunk that begins behind a row. */
    private readonly chunkAfter: (operationId: string, row: number) => Promise<StoredChunk | undefined>,
  ) {}

  /** Of the operation, once the answer has begun. */
  get id(): string | null {
    return this.operationId;
  }

  /**
   * From here on the status is 200, and what goes wrong is told in a line. `how`: whether the file is imported from its
   * beginning, behind the last chunk, or was before.
   */
  begin(operationId: string, how: Claimed['how']): void {
    this.operationId = operationId;
    this.response.writeHead(200, {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'cache-control': 'no-store',
      'stamdata-operation': operationId,
      'stamdata-import': how,
    });
    this.response.flushHeaders();
  }

  tell(chunk: StoredChunk): void {
    if (this.behind || this.response.writableLength > mostWaitingBytes) this.behind = true;
    else this.write(chunk);
  }

  /** What was told before the import was interrupted, as far as the client takes it now. */
  async repeat(): Promise<void> {
    while (this.response.writableLength <= mostWaitingBytes) if (!(await this.tellNext())) return;
    this.behind = true;
  }

  /** The rest of the problems, then the last line. */
  async end(last: object): Promise<void> {
    while (this.behind && !this.response.destroyed) {
      if (!(await this.tellNext())) break;
      await roomToWrite(this.response);
    }
    this.response.end(`${JSON.stringify(last)}\n`);
  }

  async refuse({ status, code, message, line, headers }: ImportRefused): Promise<void> {
    const error = { code, message, ...(line === null ? {} : { line }) };
    if (this.operationId !== null) return this.end({ error, operationId: this.operationId });
    this.response.writeHead(status, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...headersOf[status],
      ...headers,
    });
    this.response.end(`${JSON.stringify({ error })}\n`);
  }

  private async tellNext(): Promise<boolean> {
    const chunk = await this.chunkAfter(this.operationId!, this.told);
    if (chunk) this.write(chunk);
    return chunk !== undefined;
  }

  private write({ firstRow, lines }: StoredChunk): void {
    this.told = firstRow;
    const problems = problemLines(lines);
    if (problems !== '') this.response.write(problems);
  }
}

/** What a status obliges to. */
const headersOf: Partial<Record<number, Record<string, string>>> = {
  401: { 'www-authenticate': 'Bearer' },
  405: { allow: 'POST' },
  409: { 'retry-after': '1' },
  503: { 'retry-after': '5' },
};
