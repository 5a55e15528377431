#!/bin/sh
# The id of a customer, by the pair that links it to the shop (T9: system and identifier, always both, A43), and by the
# customer number, which stands on the invoice (T10). Null: there is none.
#   look-up.sh [IDENTIFIER IN THE SHOP] [CUSTOMER NUMBER]
set -eu
. "$(dirname "$0")/graphql.sh"

graphql 'query ($pair: ExternalReferenceInput!, $code: String!) {
  byPair: customer(by: { external: $pair }) { id }
  byNumber: customer(by: { code: $code }) { id }
}' "{ \"pair\": { \"system\": \"6\", \"identifier\": \"${1:-4711}\" }, \"code\": \"${2:-SHOP-4711}\" }"
