"""Who may come in, as whom, and how often.

middleware      the layer before everything      request_head  what it reads of a request
authentication  scripts, browsers, wrong tokens  responses     what it answers by itself
credentials     tokens and signed cookies        sign_in       the page that asks for a token
origins         the addresses of this server     identity      who asks, and what obeys them
hosts           the Host and Origin of a request, tunnels included
rates           token buckets                    connections   how much is open at once
quota           runs that a person may have      pacing        requests, one after the other
"""
