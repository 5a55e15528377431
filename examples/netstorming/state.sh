#!/bin/sh
# `sh state.sh disable` or `sh state.sh enable`: one customer by its code, one by the foreign code of its login, and one
# that does not exist.
curl -s "$STAMDATA_URL/api/customers/$1" -H 'content-type: application/json' -d '{
  "key": "'"$STAMDATA_KEY"'",
  "owner_code": "'"${STAMDATA_OWNER:-ACME}"'",
  "customers": [{ "code": "AGROMA01" }, { "foreign_code": "CRM-4711" }, { "code": "NOBODY" }]
}'
