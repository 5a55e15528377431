#!/bin/sh
# Shows what a template would send of one customer, and sends nothing:
#   sh preview.sh C-1001 [FILE] [ENDPOINT_ID]
# C-1001: the customer's number. With the id of an endpoint also what differs from the body that it accepted last.
set -eu
code=$1
file=${2:-$(dirname "$0")/customer-updated.template}
endpoint=${3:+'"'$3'"'}
tab=$(printf '\t')
# the file as the inside of a JSON string
template=$(sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$tab/\\\\t/g" "$file" | tr -d '\r' | awk '{ printf "%s\\n", $0 }')

curl -s "$STAMDATA_URL/graphql" -H "authorization: Bearer $STAMDATA_KEY" -H 'content-type: application/json' -d '{
  "query": "query ($template: String!, $code: String!, $endpointId: ID) { previewWebhook(template: $template, customer: { code: $code }, endpointId: $endpointId) { body differences { path before after } warnings userErrors { field message } } }",
  "variables": { "template": "'"$template"'", "code": "'"$code"'", "endpointId": '"${endpoint:-null}"' }
}'
