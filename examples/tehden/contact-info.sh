#!/bin/sh
# Contact infos beside the master data (T7): another e-mail address, and a postal address to deliver to.
#   contact-info.sh [CUSTOMER NUMBER]
set -eu
. "$(dirname "$0")/graphql.sh"
code=${1:-SHOP-4711}

graphql 'mutation ($code: String!, $bills: ContactInfoInput!, $delivery: ContactInfoInput!) {
  bills: createContactInfo(customer: { code: $code }, input: $bills) {
    contactInfo { id kind purpose value }
    userErrors { field code message }
  }
  delivery: createContactInfo(customer: { code: $code }, input: $delivery) {
    contactInfo { id kind purpose address { name street postalCode city country } }
    userErrors { field code message }
  }
}' "{ \"code\": \"$code\",
  \"bills\": { \"kind\": \"EMAIL\", \"purpose\": \"BILLING\", \"label\": \"Bills\", \"value\": \"bills@example.dk\" },
  \"delivery\": { \"kind\": \"POSTAL_ADDRESS\", \"purpose\": \"DELIVERY\",
    \"address\": { \"name\": \"Anna Jensen\", \"street\": \"Østerbrogade 1\", \"postalCode\": \"2100\", \"city\": \"København\", \"country\": \"DK\" } }
}"
