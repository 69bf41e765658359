"""Settings: read from the environment, refused with their name."""

import dataclasses
import multiprocessing
import re
import stat
from datetime import date
from pathlib import Path

import pytest

from settings import EMBEDDED_URL, Settings, SettingsError, signing_key
from settings.__main__ import table
from settings.values import PROJECT


def refused(environment: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_environment(environment)
    return str(refusal.value)


def key_of(folder: str) -> str:
    return signing_key(Settings.from_environment({"TANDEM_DATA": folder}))


def test_an_empty_environment_means_the_embedded_dhis2_on_this_machine_alone():
    settings = Settings.from_environment({})
    assert (settings.dhis2_url, settings.dhis2_user) == (EMBEDDED_URL, "admin")
    assert (settings.host, settings.port) == ("127.0.0.1", 8050)
    assert settings.data == PROJECT / "data" / "civ"


def test_every_setting_can_be_given():
    settings = Settings.from_environment(
        {
            "TANDEM_DATA": "/srv/tandem",
            "TANDEM_COUNTRY": "mali",
            "TANDEM_DHIS2_URL": "https://dhis2.example.org/dhis/api/",
            "TANDEM_DHIS2_TOKEN": "d2p_token",
            "DATABASE_URL": "postgresql://tandem@db/tandem",
            "TANDEM_PORT": "9000",
            "TANDEM_SESSION_SECURE": "Yes",
            "TANDEM_TODAY": "2019-10-15",
        }
    )
    assert settings.data == Path("/srv/tandem/mali")
    assert settings.dhis2_url == "https://dhis2.example.org/dhis"
    assert (settings.dhis2_token, settings.dhis2_user) == ("d2p_token", None)
    assert settings.database_url == "postgresql+psycopg://tandem@db/tandem"
    assert (settings.port, settings.secure_cookies, settings.today) == (9000, True, date(2019, 10, 15))


def test_a_country_can_be_a_folder_elsewhere(tmp_path):
    elsewhere = tmp_path / "benin"
    elsewhere.mkdir()
    assert "country.toml" in refused({"TANDEM_COUNTRY": str(elsewhere)})
    (elsewhere / "country.toml").touch()
    settings = Settings.from_environment({"TANDEM_COUNTRY": str(elsewhere), "TANDEM_DATA": "/srv"})
    assert settings.country == str(elsewhere)
    assert settings.data == Path("/srv/benin")


def test_an_empty_value_counts_as_left_out():
    assert Settings.from_environment({"TANDEM_PORT": " ", "TANDEM_TODAY": ""}) == Settings.from_environment(
        {}
    )


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("TANDEM_PORT", "80x", "a whole number from 1 to 65535"),
        ("TANDEM_PORT", "70000", "a whole number from 1 to 65535"),
        ("TANDEM_PORT", "-1", "a whole number"),
        ("TANDEM_WORKERS", "0", "from 1 to 64"),
        ("TANDEM_DHIS2_CONNECTIONS", "9", "from 1 to 8"),
        ("TANDEM_TODAY", "15/10/2019", "YYYY-MM-DD"),
        ("TANDEM_SESSION_SECURE", "maybe", "yes or no"),
        ("TANDEM_COUNTRY", "../etc", "folder of countries/"),
        ("TANDEM_DATA", __file__, "folder"),
        ("TANDEM_DHIS2_URL", "dhis2.example.org", "https://dhis2.example.org"),
        ("TANDEM_DHIS2_URL", "https://dhis2.example.org:x/", "https://dhis2.example.org"),
        ("TANDEM_HOST", "a\nb", "one line"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_its_value_and_the_remedy(name, value, remedy):
    message = refused({name: value, "TANDEM_DHIS2_TOKEN": "x"})
    assert message.startswith(f"{name} is {value!r}: ")
    assert remedy in message


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
def test_a_wrong_secret_is_refused_without_being_shown(name):
    message = refused({name: "hunter2"})
    assert message.startswith(f"{name} is (hidden): ")
    assert "hunter2" not in message


def test_a_password_inside_the_address_is_refused():
    message = refused(
        {"TANDEM_DHIS2_URL": "https://admin:district@dhis2.example.org", "TANDEM_DHIS2_TOKEN": "x"}
    )
    assert "TANDEM_DHIS2_PASSWORD" in message
    assert "district@" not in message


def test_all_wrong_settings_are_named_at_once():
    assert len(refused({"TANDEM_PORT": "x", "TANDEM_WORKERS": "y"}).splitlines()) == 2


def test_a_misspelled_name_is_refused_with_the_right_one():
    assert "did you mean TANDEM_DHIS2_PASSWORD" in refused({"TANDEM_DHIS2_PASWORD": "secret"})


def test_a_secret_can_come_from_a_file(tmp_path):
    kept = tmp_path / "token"
    kept.write_text("d2p_from_file\n")
    environment = {"TANDEM_DHIS2_URL": "https://dhis2.example.org", "TANDEM_DHIS2_TOKEN_FILE": str(kept)}
    assert Settings.from_environment(environment).dhis2_token == "d2p_from_file"
    assert "keep one of the two" in refused({**environment, "TANDEM_DHIS2_TOKEN": "d2p_other"})
    assert str(tmp_path / "none") in refused({"SECRET_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"URL": "https://dhis2.example.org"}, "TANDEM_DHIS2_TOKEN is not set"),
        ({"URL": "https://dhis2.example.org", "USER": "admin"}, "TANDEM_DHIS2_PASSWORD is not set"),
        ({"PASSWORD": "secret"}, "TANDEM_DHIS2_USER is not set"),
        ({"TOKEN": "a", "USER": "b", "PASSWORD": "c"}, "TANDEM_DHIS2_TOKEN is set beside"),
    ],
)
def test_half_an_account_is_refused(given, named):
    assert named in refused({f"TANDEM_DHIS2_{name}": value for name, value in given.items()})


def test_a_certificate_needs_its_key_and_makes_cookies_travel_by_https_alone(tmp_path):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.touch()
    key.touch()
    both = {"TANDEM_TLS_CERT": str(cert), "TANDEM_TLS_KEY": str(key)}
    settings = Settings.from_environment(both)
    assert (settings.tls_cert, settings.tls_key, settings.secure_cookies) == (cert, key, True)
    assert not Settings.from_environment({**both, "TANDEM_SESSION_SECURE": "no"}).secure_cookies
    assert "TANDEM_TLS_KEY is not set" in refused({"TANDEM_TLS_CERT": str(cert)})
    assert "TANDEM_TLS_CERT is not set" in refused({"TANDEM_TLS_KEY": str(key)})
    key.unlink()
    assert f"TANDEM_TLS_KEY is {str(key)!r}: it must name a file that can be read" in refused(both)


def test_the_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        keys = pool.map(key_of, [str(tmp_path)] * 6, chunksize=1)
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 32
    kept = tmp_path / "civ" / "secret.key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret.key"]


def test_a_given_key_is_used_and_not_kept(tmp_path):
    key = "k" * 40
    assert signing_key(Settings.from_environment({"TANDEM_DATA": str(tmp_path), "SECRET_KEY": key})) == key
    assert not list(tmp_path.iterdir())


def test_the_documentation_lists_every_setting_as_it_is():
    assert (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8") == table()


def test_every_setting_is_read_by_somebody():
    tops = [PROJECT / f"{name}.py" for name in ("app", "installation", "worker", "alerting", "mailing")]
    sources = [*tops, PROJECT / "scripts" / "start.py", PROJECT / "settings" / "__init__.py"]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    unread = [
        each.name
        for each in dataclasses.fields(Settings)
        if not re.search(rf"\b_?(settings|given|self)\.{each.name}\b", code)
    ]
    assert unread == []
