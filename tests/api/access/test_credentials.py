"""Tokens and cookies: what is ours, and for how long."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livenet.api.access.credentials import SECRET_BYTES, SECRET_FILE, Credentials, Role
from livenet.api.access.identity import Identity
from livenet.errors import LivenetError
from livenet.settings import Settings

TOKEN, ADMIN = "a-token-for-the-class", "the-token-of-the-lecturer"
OURS = Credentials(TOKEN, ADMIN, b"secret")


def made(**given: object) -> Credentials:
    return Credentials.of(Settings.model_validate(given))


def test_none_in_force() -> None:
    none = made()
    assert not none.required
    assert none.admin_token is None
    for token in (b"", b"None"):
        assert none.role_of(token) is None


def test_roles() -> None:
    assert OURS.required
    assert OURS.role_of(TOKEN.encode()) is Role.MEMBER
    assert OURS.role_of(ADMIN.encode()) is Role.ADMINISTRATOR
    for other in ("", TOKEN[:-1], f"{TOKEN} ", TOKEN.upper(), TOKEN + ADMIN, "ü"):
        assert OURS.role_of(other.encode("latin-1")) is None
    alone = made(admin_token=ADMIN)
    assert alone.required
    assert alone.role_of(ADMIN.encode()) is Role.ADMINISTRATOR
    assert alone.role_of(b"") is None


def test_a_lecturers_token_is_made() -> None:
    first, second = made(token=TOKEN), made(token=TOKEN)
    assert first.admin_token
    assert len(first.admin_token) >= 32
    assert first.admin_token != second.admin_token
    assert first.role_of(first.admin_token.encode()) is Role.ADMINISTRATOR


def test_cookies_come_back() -> None:
    somebody = OURS.read(OURS.cookie(Role.MEMBER))
    other = OURS.read(OURS.cookie(Role.MEMBER))
    assert somebody
    assert other
    assert somebody.id != other.id
    assert not somebody.administrator
    lecturer = OURS.read(OURS.cookie(Role.ADMINISTRATOR))
    assert lecturer
    assert lecturer.administrator


def test_who_comes_again_stays_the_same() -> None:
    """With the lecturer's token the role rises; with the class's it does not fall."""
    somebody = OURS.read(OURS.cookie(Role.MEMBER))
    assert OURS.read(OURS.cookie(Role.MEMBER, before=somebody)) == somebody
    risen = OURS.read(OURS.cookie(Role.ADMINISTRATOR, before=somebody))
    assert somebody
    assert risen == Identity(somebody.id, administrator=True)
    assert OURS.read(OURS.cookie(Role.MEMBER, before=risen)) == risen


@given(st.text(max_size=80))
def test_no_text_is_a_cookie(text: str) -> None:
    assert OURS.read(text) is None


@given(st.data())
def test_no_cookie_can_be_changed(data: st.DataObject) -> None:
    cookie = OURS.cookie(Role.MEMBER, before=Identity("0123456789abcdef"))
    place = data.draw(st.integers(0, len(cookie) - 1))
    other = data.draw(st.characters().filter(lambda one: one != cookie[place]))
    assert OURS.read(cookie[:place] + other + cookie[place + 1 :]) is None
    assert OURS.read(cookie[:place]) is None
    assert OURS.read(cookie + other) is None
    assert OURS.read(cookie.replace("member", "administrator")) is None


def test_other_tokens_lock_cookies_out() -> None:
    cookie = OURS.cookie(Role.MEMBER)
    assert Credentials(TOKEN, ADMIN, b"secret").read(cookie)
    for other in (
        Credentials(TOKEN + "x", ADMIN, b"secret"),
        Credentials(TOKEN, ADMIN + "x", b"secret"),
        Credentials(TOKEN, ADMIN, b"another"),
        Credentials(ADMIN, TOKEN, b"secret"),
    ):
        assert other.read(cookie) is None


def test_what_outlasts_the_server(tmp_path: Path) -> None:
    """Identities do, where the operator set the lecturer's token or there is a data folder."""
    both = {"token": TOKEN, "admin_token": ADMIN}
    assert made(**both).read(made(**both).cookie(Role.MEMBER))
    assert made(token=TOKEN).read(made(token=TOKEN).cookie(Role.MEMBER)) is None
    kept = {"token": TOKEN, "data": tmp_path / "new" / "folder"}
    first = made(**kept)
    assert made(**kept).read(first.cookie(Role.MEMBER))
    assert made(**kept).admin_token == first.admin_token
    # Another folder, another secret: a token alone does not make cookies.
    elsewhere = made(**{**kept, "data": tmp_path / "other"})
    assert elsewhere.admin_token != first.admin_token
    assert elsewhere.read(first.cookie(Role.MEMBER)) is None
    assert made(**both, data=tmp_path).read(made(**both).cookie(Role.MEMBER)) is None


def test_the_secret_is_for_its_owners_eyes(tmp_path: Path) -> None:
    made(token=TOKEN, data=tmp_path)
    path = tmp_path / SECRET_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes()) == SECRET_BYTES
    assert [one.name for one in tmp_path.iterdir()] == [SECRET_FILE]
    path.chmod(0o644)
    before = path.read_bytes()
    made(token=TOKEN, data=tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == before
    path.write_bytes(b"cut off")  # by a full disk, say
    made(token=TOKEN, data=tmp_path)
    assert len(path.read_bytes()) == SECRET_BYTES


def test_without_a_token_nothing_is_kept(tmp_path: Path) -> None:
    made(data=tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_had(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LivenetError, match="file") as refused:
        made(token=TOKEN, data=tmp_path / "file")
    assert refused.value.path == "--data"


@pytest.mark.parametrize(
    "token", ["with spaces in it!", "with-ümlauts-in-it", "a-line-\n-break-in"]
)
def test_tokens_that_no_header_carries(token: str) -> None:
    for name in ("token", "admin_token"):
        with pytest.raises(LivenetError, match=f"LIVENET_{name.upper()}") as refused:
            made(**{name: token})
        assert token not in str(refused.value.document())


def test_two_tokens_are_two() -> None:
    with pytest.raises(LivenetError, match="same") as refused:
        made(token=TOKEN, admin_token=TOKEN)
    assert TOKEN not in str(refused.value.document())


def test_scripts() -> None:
    """One by their secret, whatever token they came with; else one for each token."""
    mine = OURS.script(Role.MEMBER, "a-secret-of-my-own")
    assert mine == OURS.script(Role.MEMBER, "a-secret-of-my-own")
    assert not mine.administrator
    assert mine.id not in "a-secret-of-my-own"
    assert mine != OURS.script(Role.MEMBER, "a-secret-of-yours!")
    assert OURS.script(Role.MEMBER, "") == OURS.script(Role.MEMBER, "")
    assert OURS.script(Role.MEMBER, "").id != OURS.script(Role.ADMINISTRATOR, "").id
    risen = OURS.script(Role.ADMINISTRATOR, "a-secret-of-my-own")
    assert risen == Identity(mine.id, administrator=True)
    other = Credentials(TOKEN, ADMIN, b"another")
    assert other.script(Role.MEMBER, "a-secret-of-my-own").id != mine.id


def test_nothing_is_shown() -> None:
    for shown in (repr(OURS), str(OURS)):
        assert TOKEN not in shown
        assert ADMIN not in shown
