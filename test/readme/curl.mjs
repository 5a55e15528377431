#!/usr/bin/env node
// Stands in for curl on machines that have only Node: just the options that the README uses.
import { readFileSync } from 'node:fs';

const { positionals, headers, data, method } = read(process.argv.slice(2));
const response = await fetch(positionals[0], {
  method: method ?? (data === undefined ? 'GET' : 'POST'),
  headers,
  body: data,
});
process.stdout.write(await response.text());

function read(words) {
  const given = { positionals: [], headers: {}, data: undefined, method: undefined };
  while (words.length > 0) {
    const word = words.shift();
    if (word === '-s') continue;
    else if (word === '-H') {
      const [name, ...value] = words.shift().split(':');
      given.headers[name] = value.join(':').trim();
    } else if (word === '-d') given.data = words.shift();
    else if (word === '-T') given.data = readFileSync(words.shift());
    else if (word === '-X') given.method = words.shift();
    else given.positionals.push(word);
  }
  return given;
}
