#!/bin/sh
# A customer signs up in the web shop, logs in again, or makes a purchase (T6): look up first, then create or update, for a
# create is never a silent update (A42).
#   sign-up-or-log-in.sh [IDENTIFIER IN THE SHOP] [E-MAIL]
set -eu
. "$(dirname "$0")/graphql.sh"
identifier=${1:-4711}
email=${2:-anna@example.dk}
pair="{ \"system\": \"WOOCOMMERCE\", \"identifier\": \"$identifier\" }"

found=$(graphql 'query ($pair: ExternalReferenceInput!) {
  customer(by: { external: $pair }) { id code email }
}' "{ \"pair\": $pair }")
echo "$found"

case $found in
*'"customer":null'*)
  graphql 'mutation ($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      customer { id code type externalReferences { system { code number } identifier } }
      userErrors { field code message existingId }
    }
  }' "{ \"input\": {
    \"code\": \"SHOP-$identifier\", \"type\": \"PERSON\", \"name\": \"Anna Maria Jensen\", \"email\": \"$email\",
    \"country\": \"DK\", \"language\": \"da\", \"externalReferences\": [$pair]
  } }"
  ;;
*)
  graphql 'mutation ($pair: ExternalReferenceInput!, $input: UpdateCustomerInput!) {
    updateCustomer(by: { external: $pair }, input: $input) {
      customer { id code version email }
      userErrors { field code message existingId }
    }
  }' "{ \"pair\": $pair, \"input\": { \"email\": \"$email\" } }"
  ;;
esac
