#!/bin/sh
# A guest with a stay that is checked out: from now on the next run sends it.
#   check-out.sh [OWNER]
set -eu
. "$(dirname "$0")/graphql.sh"

graphql 'mutation ($guest: CreateCustomerInput!, $stays: RecordBookingsInput!) {
  createCustomer(input: $guest) { customer { id } userErrors { code message } }
  recordBookings(input: $stays) { results { number action } errors { errors } userErrors { message } }
}' "{
  \"guest\": { \"code\": \"GUEST-1\", \"name\": \"Anna Maria Jensen\", \"email\": \"anna@example.dk\", \"sex\": \"FEMALE\", \"language\": \"da\" },
  \"stays\": { \"ownerCode\": \"${1:-ACME}\", \"bookings\": [{
    \"customer\": { \"code\": \"GUEST-1\" }, \"number\": \"STAY-1\", \"service\": \"Double room\", \"status\": \"CHECKED_OUT\",
    \"startsAt\": \"2026-05-01T13:00:00Z\", \"endsAt\": \"2026-05-03T09:00:00Z\" }] }
}"
