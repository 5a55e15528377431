import { expect, test } from 'vitest';
import { SharedFrames } from '../../src/server/shared-frames.js';

const message = (payload: object) => JSON.stringify({ id: 's', type: 'next', payload });
const sent = (frames: SharedFrames, payload: object) => {
  const made = message(payload);
  return frames.expand(made).join('');
};

test('an answer is made once for all who ask, and is put in place of its stand-in on the way out', async () => {
  const frames = new SharedFrames();
  let made = 0;
  const answer = { data: { customerSnapshots: { name: 'Zoë "$& $1" \\' } } };
  const execute = () => {
    made++;
    return Promise.resolve(answer);
  };
  const [one, two] = await Promise.all([frames.standIn('a', execute), frames.standIn('a', execute)]);
  expect(made).toBe(1);
  expect(one).toEqual(two);
  expect(JSON.stringify(one)).not.toContain('Zoë');
  expect(JSON.parse(sent(frames, one))).toEqual({ id: 's', type: 'next', payload: answer });
  await frames.standIn('b', execute);
  expect(made).toBe(2);
});

test('other messages go out as they are, whatever data they hold', async () => {
  const frames = new SharedFrames();
  const standIn = await new SharedFrames().standIn('a', () => Promise.resolve({ data: { x: 1 } }));
  for (const payload of [{ data: { viewer: { name: 'frame:' } } }, standIn])
    expect(sent(frames, payload)).toBe(message(payload));
});

test('errors are not shared, and a failed execution is tried anew', async () => {
  const frames = new SharedFrames();
  const failed = { errors: [], data: null };
  expect(await frames.standIn('a', () => Promise.resolve(failed))).toBe(failed);
  await expect(frames.standIn('b', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const good = await frames.standIn('b', () => Promise.resolve({ data: { x: 1 } }));
  expect(sent(frames, good)).toContain('"x":1');
});

test('the oldest answers go when there are too many bytes of them, and are made again', async () => {
  const frames = new SharedFrames();
  const text = 'x'.repeat(1024 * 1024);
  let made = 0;
  const ask = (key: number) =>
    frames.standIn(String(key), () => {
      made++;
      return Promise.resolve({ data: { key, text } });
    });
  for (let key = 0; key < 40; key++) await ask(key);
  const last = await ask(39);
  expect(made).toBe(40);
  expect(sent(frames, last)).toContain('"key":39');
  const first = await ask(0);
  expect(made).toBe(41);
  expect(sent(frames, first)).toContain('"key":0');
});
