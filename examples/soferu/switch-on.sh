#!/bin/sh
# Switches guest feeds on for the owner, lets new stays notify their guests (C6), and makes an active feed to Customer
# Alliance with the hotel id and access key that its account manager gave out (C1–C3).
#   CA_HOTEL_ID=… CA_ACCESS_KEY=… switch-on.sh URL [OWNER]
set -eu
. "$(dirname "$0")/graphql.sh"

graphql 'mutation ($owner: OwnerInput!, $feed: GuestFeedInput!) {
  updateOwner(input: $owner) { owner { guestFeedsActive notifyNewBookings } userErrors { field message } }
  createGuestFeed(input: $feed) { guestFeed { id schedule nextRunAt } userErrors { field message } }
}' "{
  \"owner\": { \"code\": \"${2:-ACME}\", \"guestFeedsActive\": true, \"notifyNewBookings\": true },
  \"feed\": { \"name\": \"Customer Alliance\", \"baseUrl\": \"$1\", \"active\": true,
    \"hotelId\": \"${CA_HOTEL_ID:?the hotel id}\", \"accessKey\": \"${CA_ACCESS_KEY:?the access key}\" }
}"
