#!/bin/sh
# Takes a customer out of the interface (T3): from now on no key without the scope admin finds, lists, changes or hears of
# it (A44). The answer shows no customer, and neither does the look-up after it. Lifting it again, with admin, is the same
# call with excluded: false.
#   exclude.sh [CUSTOMER NUMBER]
set -eu
. "$(dirname "$0")/graphql.sh"
code=${1:-SHOP-4711}

graphql 'mutation ($code: String!) {
  setCustomerExcluded(customer: { code: $code }, excluded: true) { customer { id } userErrors { field code message } }
}' "{ \"code\": \"$code\" }"
graphql 'query ($code: String!) { customer(by: { code: $code }) { id } }' "{ \"code\": \"$code\" }"
