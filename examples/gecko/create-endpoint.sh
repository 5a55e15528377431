#!/bin/sh
# Makes a webhook endpoint whose body is a template, and prints its id, its signing secret (this once), and what is wrong:
#   sh create-endpoint.sh https://example.com/stamdata [FILE] [METHOD]
# FILE: the template, else the sample of Gecko Booking's page. METHOD: POST, PUT, or GET, where the template is the query.
set -eu
url=$1
file=${2:-$(dirname "$0")/customer-updated.template}
method=${3:-POST}
tab=$(printf '\t')
# the file as the inside of a JSON string
template=$(sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$tab/\\\\t/g" "$file" | tr -d '\r' | awk '{ printf "%s\\n", $0 }')

curl -s "$STAMDATA_URL/graphql" -H "authorization: Bearer $STAMDATA_KEY" -H 'content-type: application/json' -d '{
  "query": "mutation ($input: WebhookEndpointInput!) { createWebhookEndpoint(input: $input) { webhookEndpoint { id } secret warnings userErrors { field message } } }",
  "variables": { "input": { "url": "'"$url"'", "method": "'"$method"'", "template": "'"$template"'" } }
}'
