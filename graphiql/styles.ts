// GraphiQL's own bundle repeats Monaco's style sheet and carries two fonts in every weight (636 kB).
// These are its parts, with only the font that Monaco measures its columns by.
import '@graphiql/react/font/fira-code.css';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './page.css';
