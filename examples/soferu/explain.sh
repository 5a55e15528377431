#!/bin/sh
# Why a stay was sent, or was not: every criterion with what is so (C9).
#   explain.sh FEED [STAY]
set -eu
. "$(dirname "$0")/graphql.sh"

graphql 'query ($feed: ID!, $stay: String!) {
  explainGuestFeed(feedId: $feed, bookingNumber: $stay) {
    willSend rules { rule value holds } lastAttempt { at status error } nextRunAt
  }
}' "{ \"feed\": \"$1\", \"stay\": \"${2:-STAY-1}\" }"
