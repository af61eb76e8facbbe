"""The page that asks for a token: one file, no script, nothing loaded."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#f4f5f7, #14161a); color: light-dark(#1b1e24, #e6e8ec) }
main { box-sizing: border-box; width: min(26rem, 100vw); padding: 2rem }
h1 { margin: 0 0 .25rem; font-size: 1.5rem }
p { margin: 0 0 1rem }
.wrong { color: light-dark(#a3160d, #ff9a8f) }
label { display: block; font-weight: 600; margin-bottom: .25rem }
input, button { box-sizing: border-box; width: 100%; font: inherit; padding: .55rem .75rem;
  border-radius: .5rem; border: 1px solid light-dark(#8a909c, #6b7280) }
input { background: light-dark(#fff, #1d2026); color: inherit; margin-bottom: .75rem }
button { background: #1f5fbf; border-color: #1f5fbf; color: #fff; font-weight: 600 }
input:focus-visible, button:focus-visible { outline: 3px solid #5b9bff; outline-offset: 2px }
"""

_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Livenet: sign in</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
    <style>{style}</style>
  </head>
  <body>
    <main>
      <h1>Livenet</h1>
      <p{kind}>{said}.</p>
      <p>It is in the link that you were given.</p>
      <form method="get"{action}>
        <label for="token">Token</label>
        <input id="token" name="token" type="password" autocomplete="current-password" required
          autofocus spellcheck="false">
        <button>Sign in</button>
      </form>
    </main>
  </body>
</html>
"""

_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; "
    "form-action 'self'"
)


def sign_in_page(said: str, *, wrong: bool, back: str) -> bytes:
    """The page, with ``said`` as the reason why it is shown.

    After signing in, the browser goes to the relative address ``back``; if that is empty, to the
    address that was opened, with its fragment.
    """
    kind = ' class="wrong" role="alert"' if wrong else ""
    action = f' action="{escape(back)}"' if back else ""
    page = _PAGE.format(style=_STYLE, kind=kind, said=escape(said), action=action)
    return page.encode()
