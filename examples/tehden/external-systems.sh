#!/bin/sh
# The systems that customers can be linked to: the eight that are there from the start, with their numbers (T5), and those
# that were added; here one more is added, a till with the number 23 (A41).
set -eu
. "$(dirname "$0")/graphql.sh"

graphql 'mutation ($code: String!, $name: String!, $number: String) {
  createExternalSystem(code: $code, name: $name, number: $number) {
    externalSystem { code number name }
    userErrors { field code message }
  }
}' '{ "code": "MY_TILL", "name": "Till in the shop", "number": "23" }'
graphql '{ externalSystems { code number name } }'
