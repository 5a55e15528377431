/** A line for whoever asked: standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A line about what is wrong: standard error. */
export function complain(line: string): void {
  process.stderr.write(`stamdata: ${line}\n`);
}
