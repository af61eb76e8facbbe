"""Authentication, identities and rate limits.

middleware      the layer before all others      request_head  the part of a request it reads
authentication  scripts, browsers, wrong tokens  responses     the answers of the middleware
credentials     tokens and signed cookies        sign_in       the page that asks for a token
origins         the addresses of this server     identity      users, and the runs they own
hosts           the Host and Origin of a request, tunnels included
cross_origin    pages of other sites that may call the API
rates           token buckets                    connections   limits on open connections
network         where a client's requests come from
newcomers       how many identities a network makes
quota           runs that a person may pin       pacing        requests, one after the other
"""
