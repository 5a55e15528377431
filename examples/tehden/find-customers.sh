#!/bin/sh
# Every customer that meets the criteria (T11), page by page: nothing is left out in silence, and totalCount says how many
# there are (A46). Here: Danish companies and whoever may be written to by e-mail, with a part of the name.
#   find-customers.sh [PART OF THE NAME] [CUSTOMERS PER PAGE]
set -eu
. "$(dirname "$0")/graphql.sh"
name=${1:-jensen}
size=${2:-50}
where="{ \"name\": { \"contains\": \"$name\" }, \"or\": [
  { \"type\": { \"eq\": \"COMPANY\" }, \"country\": { \"eq\": \"DK\" } },
  { \"acceptsMarketingEmail\": true }
] }"

after=null
while :; do
  page=$(graphql 'query ($first: Int!, $after: String, $where: CustomerWhereInput) {
    customers(first: $first, after: $after, where: $where) {
      totalCount
      nodes { id code name email }
      pageInfo { hasNextPage endCursor }
    }
  }' "{ \"first\": $size, \"after\": $after, \"where\": $where }")
  echo "$page"
  case $page in
  *'"hasNextPage":true'*) after=$(echo "$page" | sed 's/.*"endCursor":\("[^"]*"\).*/\1/') ;;
  *) break ;;
  esac
done
