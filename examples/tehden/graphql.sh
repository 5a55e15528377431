# Read by the scripts beside it, not run by itself.
: "${STAMDATA_URL:?say where the hub is, for example http://127.0.0.1:4000}"
: "${STAMDATA_KEY:?give a key: npx stamdata key create --owner ACME --name shop}"

# graphql QUERY [VARIABLES]: sends one request and prints the answer as one line of JSON. The query has no double quotes in
# it: whatever varies goes into the variables, as JSON.
graphql() {
  query=$(printf '%s' "$1" | tr '\n' ' ')
  variables=${2:-'{}'}
  answer=$(curl -s "$STAMDATA_URL/graphql" \
    -H "authorization: Bearer $STAMDATA_KEY" \
    -H 'content-type: application/json' \
    -d "{\"query\": \"$query\", \"variables\": $variables}")
  printf '%s\n' "$answer"
}
