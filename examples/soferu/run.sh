#!/bin/sh
# Runs a feed at once, instead of at three in the morning, and tells what came of it.
#   run.sh FEED
set -eu
. "$(dirname "$0")/graphql.sh"

graphql 'mutation ($id: ID!) {
  runGuestFeed(id: $id) { startedAt finishedAt sent failed skipped stopped reason }
}' "{ \"id\": \"$1\" }"
