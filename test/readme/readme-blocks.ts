import { readFileSync } from 'node:fs';

export interface Block {
  language: string;
  text: string;
}

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The fenced blocks of the README, in their order. */
export const blocks: Block[] = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: language!,
  text: text!,
}));

/** `npx stamdata …` and `npm run …` as they stand within the text. */
export const inlineCommands: string[] = [
  ...new Set(
    [...readme.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`((?:npx stamdata|npm run) [^`]+)`/g)].map(
      ([, command]) => command!,
    ),
  ),
];
