#!/bin/sh
# Sends customers.json: first a dry run; `sh insert.sh false` does it.
cd "$(dirname "$0")"

curl -s "$STAMDATA_URL/api/customers/insert" -H 'content-type: application/json' -d '{
  "key": "'"$STAMDATA_KEY"'",
  "owner_code": "'"${STAMDATA_OWNER:-ACME}"'",
  "dry_run": '"${1:-true}"',
  "customers": '"$(cat customers.json)"'
}'
