/**
 * Row-level security for a table of the owners: requests (`stamdata_app`) see the rows of the owner that their
 * transaction names, the hub's machines (`stamdata_system`) those of all. For every new table that has an owner_id.
 */
export const guardOwned = (table: string, ownerColumn = 'owner_id') => /* sql */ `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY one_owner ON ${table} TO stamdata_app USING (${ownerColumn} = ${currentOwner}) WITH CHECK (${ownerColumn} = ${currentOwner});
CREATE POLICY every_owner ON ${table} TO stamdata_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO stamdata_app, stamdata_system;
`;

const currentOwner = `(SELECT nullif(current_setting('app.owner_id', true), '')::bigint)`;
