import { readConfig } from './src/config.js';
import { createDataSource } from './src/database/data-source.js';
import { entities } from './src/database/entities.js';
import { StartupError } from './src/errors.js';

/** For TypeORM's command line, with DATABASE_URL set: `npx typeorm migration:show -d dist/ormconfig.js`. */
const { databaseUrl } = readConfig();
if (!databaseUrl) throw new StartupError('set DATABASE_URL: the command line does not start the embedded server', 2);
export default createDataSource({ url: databaseUrl }, 2, entities);
