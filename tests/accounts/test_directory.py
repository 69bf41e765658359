import pytest

from accounts.directory import Dhis2Directory
from accounts.person import Person
from loaders.errors import NotReachable, NotSignedIn
from tests.servers import free_port
from tests.web import PASSWORDS


@pytest.fixture(scope="module")
def directory(civ_demo):
    return Dhis2Directory(civ_demo)


@pytest.mark.parametrize("username", PASSWORDS)
def test_every_account_of_the_demonstration_signs_in(directory, username):
    person = Person.of(directory.sign_in(username, PASSWORDS[username]))
    assert person.username == username
    assert person.scope.units


def test_the_accounts_see_what_their_role_says(directory):
    levels = {
        username: Person.of(directory.sign_in(username, PASSWORDS[username])).scope.units[0].level
        for username in PASSWORDS
    }
    assert levels == {"admin": 1, "store": 4, "district": 3, "viewer": 1}


def test_a_wrong_password_is_refused(directory):
    with pytest.raises(NotSignedIn):
        directory.sign_in("store", "wrong")


def test_a_password_with_every_letter_is_sent_whole(directory):
    with pytest.raises(NotSignedIn):
        directory.sign_in("störe:x", "pä:ss wörd\u2028%")


def test_a_token_made_at_sign_in_asks_again_as_the_same_person(directory):
    token = directory.make_token("store", PASSWORDS["store"])
    assert directory.ask_again(token) == directory.sign_in("store", PASSWORDS["store"])


def test_a_token_that_never_was_is_refused(directory):
    made = directory.make_token("store", PASSWORDS["store"])
    with pytest.raises(NotSignedIn):
        directory.ask_again(made[:-12] + "AAAAAAAAAAAA")


def test_a_dhis2_that_is_not_there_is_not_reachable():
    with pytest.raises(NotReachable):
        Dhis2Directory(f"http://127.0.0.1:{free_port()}").sign_in("store", "x")
