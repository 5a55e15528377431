/** What a person finds in the editor on the first visit. Every operation fits the schema as it stands. */
export const welcomeQuery = `# Welcome to Stamdata.
#
# Ctrl-Enter (Cmd-Enter) runs the operation
# under the cursor, the play button any of them.
#
# Your key stands in "Headers" below. A key that
# covers several owners needs one line more there:
#   "stamdata-owner": "CODE"

# Whose key is this, and what may it do?
query Me {
  viewer {
    name
    scopes
    owners {
      code
    }
  }
}

# The first customers, with the snapshot that
# webhooks and subscriptions carry.
query FirstCustomers {
  customers(first: 10) {
    totalCount
    nodes {
      id
      code
      name
      email
      snapshot {
        version
        ordersTotalCount
        ordersTotalValue
        currency
      }
    }
  }
}

# Every change from now on, as it happens.
# To go on after a pause without a gap, give the
# last cursor: customerSnapshots(after: "...")
subscription Changes {
  customerSnapshots {
    cursor
    occurredAt
    customerId
    version
    reasons
    snapshot {
      name
      ordersTotalValue
      currency
    }
  }
}
`;
