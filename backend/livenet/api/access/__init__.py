"""Who may come in, as whom, and how often.

gate        the layer before everything        head      what it reads of a request
visitors    scripts, browsers, wrong tokens    answers   what it says itself
credentials tokens and signed cookies          sign_in   the page that asks for a token
origins     the addresses of this server       identity  who asks, and what obeys them
rates       token buckets                      sockets   how much is open at once
hosts       which of them is asked, or a tunnel to it
room        runs that a person may have        turns     requests, one after the other
"""
