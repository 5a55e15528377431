import { GraphiQL } from 'graphiql';
import { fetcher } from './fetcher.js';
import { blankHeaders } from './key.js';
import { KeyBar } from './key-bar.js';
import { welcomeQuery } from './welcome.js';

/** GraphiQL for this hub: its operations, its key, its welcome. */
export function Explorer() {
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultQuery={welcomeQuery}
      defaultHeaders={blankHeaders}
      defaultEditorToolsVisibility="headers"
      shouldPersistHeaders
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        <a className="graphiql-logo-link" href="/">
          Stamdata
        </a>
      </GraphiQL.Logo>
      <KeyBar />
    </GraphiQL>
  );
}
