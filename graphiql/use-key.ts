import { tryParseJSONC, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import { type Headers, keyIn, keyInHash, withKey } from './key.js';

/** How long the header editor has to be quiet before a key typed into it is tried, in milliseconds. */
const TYPING_PAUSE_MS = 600;

/**
 * Keeps GraphiQL's schema in step with the key in the header editor: a key from the address, one pasted into the bar
 * or one typed by hand loads the schema, and a new tab starts with the key of the one before.
 * Gives a function that puts a key into the header editor.
 */
export function useKey(): (key: string) => void {
  const headerEditor = useGraphiQL((state) => state.headerEditor);
  const activeTabIndex = useGraphiQL((state) => state.activeTabIndex);
  const { introspect } = useGraphiQLActions();
  const keyFromAddress = useRef<string | null>(null);
  const lastKey = useRef<string | null>(null);

  const put = (key: string) => {
    headerEditor?.setValue(JSON.stringify(withKey(headersIn(headerEditor.getValue()), key), null, 2));
  };

  useEffect(() => {
    keyFromAddress.current = takeKeyFromAddress();
  }, []);

  useEffect(() => {
    if (!headerEditor) return;
    const tryKey = () => {
      const key = keyIn(headersIn(headerEditor.getValue()));
      if (!key || key === lastKey.current) return;
      lastKey.current = key;
      void introspect();
    };
    if (keyFromAddress.current) put(keyFromAddress.current);
    tryKey(); // GraphiQL's own first attempt came before this editor was there, so it had no key.

    const onHashChange = () => {
      const key = takeKeyFromAddress();
      if (key) put(key);
    };
    let pause: ReturnType<typeof setTimeout>;
    const typing = headerEditor.onDidChangeModelContent(() => {
      clearTimeout(pause);
      pause = setTimeout(tryKey, TYPING_PAUSE_MS);
    });
    window.addEventListener('hashchange', onHashChange);
    return () => {
      clearTimeout(pause);
      typing.dispose();
      window.removeEventListener('hashchange', onHashChange);
    };
  }, [headerEditor]);

  useEffect(() => {
    if (headerEditor && lastKey.current && !keyIn(headersIn(headerEditor.getValue()))) put(lastKey.current);
  }, [activeTabIndex]);

  return (key) => {
    lastKey.current = null; // A person who gives the same key once more wants it tried once more.
    put(key);
  };
}

/** Out of the address at once: neither the browser's history nor a screenshot should keep a key. */
function takeKeyFromAddress(): string | null {
  const key = keyInHash(location.hash);
  if (key) history.replaceState(null, '', location.pathname + location.search);
  return key;
}

/** What is half typed has no headers yet; GraphiQL itself names the mistake when an operation is run. */
function headersIn(text: string): Headers {
  try {
    return tryParseJSONC(text) ?? {};
  } catch {
    return {};
  }
}
