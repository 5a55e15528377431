import { askHub, type Asking } from './ask-hub.js';
import type { Scope } from './access/scope.js';
import { StartupError } from './errors.js';

interface Viewer {
  scopes: Scope[];
  owners: { code: string }[];
}

/**
 * Asks who the key is before a long piece of work begins: that there is a hub, that it knows the key, that the key may do
 * this, and for which owner: the one that was named, else the only one. Gives the owner's code.
 * @throws StartupError in one line, with 2 where the owner has to be said differently
 */
export async function chosenOwner(hub: Asking, named: string | null, scope: Scope): Promise<string> {
  const { url, key } = hub;
  const { viewer } = await askHub<{ viewer: Viewer }>({ url, key }, '{ viewer { scopes owners { code } } }');
  if (!viewer.scopes.includes(scope)) throw new StartupError(`this key lacks the scope ${scope}`);
  const codes = viewer.owners.map(({ code }) => code);
  const [only] = codes;
  if (named === null && codes.length === 1) return only!;
  if (only === undefined) throw new StartupError('there is no owner yet: npx stamdata owner create --code CODE', 2);
  if (named === null) throw new StartupError(`--owner: say which one of ${codes.join(', ')}`, 2);
  const found = codes.find((code) => code.toLowerCase() === named.toLowerCase());
  if (found === undefined) throw new StartupError(`--owner: no such owner: ${named} (there is ${codes.join(', ')})`, 2);
  return found;
}
