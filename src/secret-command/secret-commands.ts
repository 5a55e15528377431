import type { Command } from 'commander';

/** `npx stamdata secret`: on the database of the environment, beside the hubs that run on it. */
export function addSecretCommands(program: Command): void {
  const secret = program.command('secret').description('the secret that values in the database are sealed under');
  secret
    .command('status')
    .description('how many values are sealed under which key; whether STAMDATA_OLD_SECRETS is still needed')
    .action(() => atDesk(async (desk) => desk.status()));
  secret
    .command('rotate')
    .description('seal every value under STAMDATA_SECRET that is still under one of STAMDATA_OLD_SECRETS')
    .action(() => atDesk(async (desk) => desk.rotate()));
}

/** Exit code 1: something in the database opens under none of the secrets. */
async function atDesk(work: (desk: SecretDesk) => Promise<boolean>): Promise<void> {
  const { openSecretDesk } = await import('./secret-desk.js');
  const { withDatabase } = await import('../with-database.js');
  await withDatabase(async ({ db }) => {
    if (!(await work(await openSecretDesk(db)))) process.exitCode = 1;
  });
}

/** Each says whether all that is sealed can be opened. */
export interface SecretDesk {
  status: () => Promise<boolean>;
  rotate: () => Promise<boolean>;
}
