#!/bin/sh
# Marketing authorisations (T2): e-mail is granted, text messages are withdrawn. With the time at which the customer said
# so, statements may arrive in any order: the one that was made last counts.
#   marketing.sh [CUSTOMER NUMBER]
set -eu
. "$(dirname "$0")/graphql.sh"
code=${1:-SHOP-4711}

graphql 'mutation ($code: String!, $email: ConsentInput!, $sms: ConsentInput!) {
  email: setMarketingConsent(customer: { code: $code }, input: $email) { userErrors { field code message } }
  sms: setMarketingConsent(customer: { code: $code }, input: $sms) {
    customer {
      consents { channel accepted source occurredAt }
      snapshot { acceptsMarketingEmail acceptsMarketingSms }
    }
    userErrors { field code message }
  }
}' "{ \"code\": \"$code\",
  \"email\": { \"channel\": \"EMAIL\", \"accepted\": true, \"source\": \"web shop\", \"occurredAt\": \"2026-05-17T10:00:00Z\" },
  \"sms\": { \"channel\": \"SMS\", \"accepted\": false, \"source\": \"web shop\" }
}"
