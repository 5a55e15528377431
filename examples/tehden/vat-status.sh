#!/bin/sh
# One update sets the external system, the identifier there and the VAT status (T12). The systems go by code or by number,
# "7" is the generic web shop (T5); a VAT status other than DOMESTIC and OUTSIDE_EU is for companies (A45).
#   vat-status.sh [CUSTOMER NUMBER] [IDENTIFIER IN THE SHOP]
set -eu
. "$(dirname "$0")/graphql.sh"
code=${1:-SHOP-4711}
identifier=${2:-web-4711}

graphql 'mutation ($code: String!, $input: UpdateCustomerInput!) {
  updateCustomer(by: { code: $code }, input: $input) {
    customer { code type vatStatus version externalReferences { system { number } identifier } }
    userErrors { field code message existingId }
  }
}' "{ \"code\": \"$code\", \"input\": {
  \"type\": \"COMPANY\", \"vatStatus\": \"EU_SERVICES\",
  \"externalReferences\": [{ \"system\": \"7\", \"identifier\": \"$identifier\" }]
} }"
