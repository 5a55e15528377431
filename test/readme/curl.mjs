#!/usr/bin/env node
// Stands in for curl on machines that have only Node: just the options that the README uses.
const { positionals, headers, data } = read(process.argv.slice(2));
const response = await fetch(positionals[0], { method: data === undefined ? 'GET' : 'POST', headers, body: data });
process.stdout.write(await response.text());

function read(words) {
  const given = { positionals: [], headers: {}, data: undefined };
  while (words.length > 0) {
    const word = words.shift();
    if (word === '-s') continue;
    else if (word === '-H') {
      const [name, ...value] = words.shift().split(':');
      given.headers[name] = value.join(':').trim();
    } else if (word === '-d') given.data = words.shift();
    else given.positionals.push(word);
  }
  return given;
}
