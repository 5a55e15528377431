import { useGraphiQL } from '@graphiql/react';
import { type FormEvent, useState } from 'react';
import { adviceFor } from './advice.js';
import { useKey } from './use-key.js';

/** Says, while there is no schema, what a person has to do, and takes the key; otherwise it is not there. */
export function KeyBar() {
  const adoptKey = useKey();
  const fetchError = useGraphiQL((state) => (state.headerEditor ? state.fetchError : null));
  const [closed, setClosed] = useState<string | null>(null);
  if (!fetchError || fetchError === closed) return null;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const pasted = new FormData(event.currentTarget).get('key');
    if (typeof pasted === 'string' && pasted.trim()) adoptKey(pasted);
  };
  return (
    <div className="key-bar" role="status">
      <p>{adviceFor(fetchError)}</p>
      <form onSubmit={submit}>
        <input name="key" type="password" autoComplete="off" placeholder="stam_live_…" aria-label="API key" autoFocus />
        <button type="submit">Use this key</button>
        <button type="button" aria-label="Close" onClick={() => setClosed(fetchError)}>
          ×
        </button>
      </form>
    </div>
  );
}
