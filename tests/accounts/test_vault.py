from accounts.vault import Vault

TOKEN = "d2p_" + "x" * 44


def test_what_was_sealed_opens_again():
    vault = Vault("k" * 40)
    assert vault.open(vault.seal(TOKEN)) == TOKEN


def test_the_sealed_text_does_not_show_the_token():
    assert TOKEN not in Vault("k" * 40).seal(TOKEN)


def test_another_key_opens_nothing():
    assert Vault("other" * 10).open(Vault("k" * 40).seal(TOKEN)) == ""


def test_a_changed_seal_opens_nothing():
    vault = Vault("k" * 40)
    sealed = vault.seal(TOKEN)
    assert vault.open(sealed[:-4] + "AAA=") == ""
    assert vault.open("rubbish") == ""


def test_nothing_stays_nothing():
    vault = Vault("k" * 40)
    assert vault.seal("") == ""
    assert vault.open("") == ""
