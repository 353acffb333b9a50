"""The company register over HTTP: what is read of its answers, and what is taken for none."""

import json
import os
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import SettingWrong, load_settings
from app.rules.codes import CompanySituation
from app.sources import company_register
from app.sources.companies import RegisteredCompany, RegisteredSituation, RegisterUnavailable
from app.sources.company_register import INTERVAL_SECONDS, MAX_ANSWER, CompanyRegister
from tests.sources.lying_register import KNOWN, LyingRegister, company, in_trouble, running

DATA = os.environ.get("SIEPP_TEST_DATA")
SHORT = 1.0
"""Seconds, where a test waits for them; elsewhere nobody is in a hurry, since the machine may be busy."""


@pytest.fixture
def lying() -> Iterator[LyingRegister]:
    with running() as register:
        yield register


@pytest.fixture
def register(lying: LyingRegister) -> CompanyRegister:
    return CompanyRegister(lying.address, interval=0, timeout=60)


@pytest.fixture
def impatient(lying: LyingRegister) -> CompanyRegister:
    return CompanyRegister(lying.address, interval=0, timeout=SHORT)


def answered(lying: LyingRegister, register: CompanyRegister, answer: object) -> RegisteredCompany | None:
    lying.body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return register.find(KNOWN)


def listed(*companies: object) -> dict[str, object]:
    return {"totalResults": len(companies), "companies": list(companies)}


# --- What is read


@pytest.mark.skipif(DATA is None, reason="SIEPP_TEST_DATA is not set: the register's own sample is not there")
def test_the_registers_own_sample_is_read(lying: LyingRegister, register: CompanyRegister) -> None:
    sample = (Path(str(DATA)) / "ytj" / "ytj_v3_nokia_sample.json").read_bytes()
    forms = {"fi": "Julkinen osakeyhtiö", "en": "Public limited company"}
    assert answered(lying, register, sample) == RegisteredCompany("0112038-9", "Nokia Oyj", forms, ())


def test_the_name_in_use_the_form_in_three_languages_and_no_situation(
    lying: LyingRegister, register: CompanyRegister
) -> None:
    lying.knows(company())
    forms = {"fi": "Osakeyhtiö", "sv": "Aktiebolag", "en": "Limited company"}
    assert register.find(KNOWN) == RegisteredCompany(KNOWN, "Siivous Oy", forms, ())


def test_a_company_that_the_register_does_not_know_is_none(lying: LyingRegister, register: CompanyRegister) -> None:
    assert register.find("0201256-6") is None
    assert lying.ids == ["0201256-6"]


@pytest.mark.parametrize(
    ("code", "situation"),
    [
        ("KONK", CompanySituation.BANKRUPTCY),
        ("SELTILA", CompanySituation.LIQUIDATION),
        ("SANE", CompanySituation.RESTRUCTURING),
    ],
)
def test_each_situation_has_its_day(
    lying: LyingRegister, register: CompanyRegister, code: str, situation: CompanySituation
) -> None:
    lying.knows(in_trouble(code))
    found = register.find(KNOWN)
    assert found is not None
    assert found.situations == (RegisteredSituation(situation, date(2019, 2, 20)),)


def test_situations_that_have_ended_or_are_of_an_unknown_kind_are_left_out_and_each_is_told_once(
    lying: LyingRegister, register: CompanyRegister
) -> None:
    entries = [
        {"type": "SANE", "registrationDate": "2017-01-01", "endDate": "2018-01-01", "source": "1"},
        {"type": "ERITYIS", "source": "1"},
        {"type": "KONK", "registrationDate": "2019-02-21", "source": "1"},
        {"type": "KONK", "registrationDate": "2019-02-20", "source": "1"},
        {"type": "KONK", "registrationDate": None, "source": "1"},
    ]
    found = answered(lying, register, listed(company(companySituations=entries)))
    assert found is not None
    assert found.situations == (RegisteredSituation(CompanySituation.BANKRUPTCY, date(2019, 2, 20)),)


def test_a_company_may_have_no_name_in_use_and_no_form(lying: LyingRegister, register: CompanyRegister) -> None:
    bare = {"businessId": {"value": KNOWN}}
    assert answered(lying, register, listed(bare)) == RegisteredCompany(KNOWN, None, {}, ())


def test_a_name_comes_in_one_line_without_signs_that_nobody_types(
    lying: LyingRegister, register: CompanyRegister
) -> None:
    names = [{"name": " Siivous\n\x00 Oy\u202e ", "type": "1", "version": 1}]
    found = answered(lying, register, listed(company(names=names)))
    assert found is not None
    assert found.name == "Siivous Oy"


# --- What is no answer


@pytest.mark.parametrize("status", [201, 204, 301, 302, 400, 401, 403, 404, 429, 500, 502, 503])
def test_any_other_status_is_no_answer(lying: LyingRegister, register: CompanyRegister, status: int) -> None:
    lying.knows(company())
    lying.status = status
    with pytest.raises(RegisterUnavailable, match=str(status)):
        register.find(KNOWN)


def test_nobody_leads_us_to_another_host(lying: LyingRegister, register: CompanyRegister) -> None:
    with running() as elsewhere:
        elsewhere.knows(company())
        lying.status, lying.headers = 302, {"Location": f"{elsewhere.address}/companies?businessId={KNOWN}"}
        with pytest.raises(RegisterUnavailable):
            register.find(KNOWN)
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><title>Huoltokatko</title>",
        b'{"totalResults": 1, "companies": [{"businessId": {"value": "0112',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"null",
        b"[]",
        b"{}",
        b'{"companies": null}',
        b'{"companies": {}}',
        b'{"companies": ["0112038-9"]}',
        b'{"companies": [{}]}',
        b'{"companies": [{"businessId": "0112038-9"}]}',
        b'{"companies": [{"businessId": {"value": "0112038-8"}}]}',
        b'{"companies": [{"businessId": {"value": "0112038-9"}}, {"businessId": {"value": "0112038-9"}}]}',
    ],
)
def test_what_is_not_the_registers_format_is_no_answer(
    lying: LyingRegister, register: CompanyRegister, body: bytes
) -> None:
    with pytest.raises(RegisterUnavailable):
        answered(lying, register, body)


@pytest.mark.parametrize(
    "wrong",
    [
        {"names": "Siivous Oy"},
        {"names": ["Siivous Oy"]},
        {"names": [{"name": 7, "type": "1"}]},
        {"names": [{"name": "Siivous Oy", "type": 1}]},
        {"names": [{"name": "Siivous Oy", "type": "1", "version": "1"}]},
        {"companyForms": [{"descriptions": [{"languageCode": 1, "description": "Osakeyhtiö"}]}]},
        {"companyForms": [{"descriptions": [{"languageCode": "1", "description": ["Osakeyhtiö"]}]}]},
        {"companySituations": [{"type": None}]},
        {"companySituations": [{"type": "KONK", "registrationDate": "20.2.2019"}]},
        {"companySituations": [{"type": "KONK", "registrationDate": 20190220}]},
        {"companySituations": {"type": "KONK"}},
    ],
)
def test_a_field_of_another_type_is_no_answer(
    lying: LyingRegister, register: CompanyRegister, wrong: dict[str, Any]
) -> None:
    with pytest.raises(RegisterUnavailable):
        answered(lying, register, listed(company(**wrong)))


def test_an_answer_of_ten_megabytes_is_not_read_to_its_end(lying: LyingRegister, register: CompanyRegister) -> None:
    with pytest.raises(RegisterUnavailable, match="endless"):
        answered(lying, register, b'{"companies": [' + b" " * 10 * MAX_ANSWER + b"]}")


def test_a_small_answer_that_unpacks_to_a_large_one_is_not_read_to_its_end(
    lying: LyingRegister, register: CompanyRegister
) -> None:
    import gzip

    lying.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(RegisterUnavailable, match="endless"):
        answered(lying, register, gzip.compress(b" " * 50 * MAX_ANSWER))


def test_a_register_that_does_not_answer_in_time_is_away(lying: LyingRegister, impatient: CompanyRegister) -> None:
    lying.knows(company())
    lying.pause = 20 * SHORT
    begun = time.monotonic()
    with pytest.raises(RegisterUnavailable, match="Timeout"):
        impatient.find(KNOWN)
    assert time.monotonic() - begun < 20 * SHORT


def test_a_register_that_drips_for_ever_is_away(
    lying: LyingRegister, impatient: CompanyRegister, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company_register, "DEADLINE_SECONDS", SHORT)
    lying.knows(company())
    lying.pieces, lying.pause = 200, SHORT / 10
    with pytest.raises(RegisterUnavailable, match="slow"):
        impatient.find(KNOWN)


def test_a_register_that_nobody_runs_is_away() -> None:
    with running() as gone:
        address = gone.address
    with pytest.raises(RegisterUnavailable, match="ConnectError"):
        CompanyRegister(address, interval=0).find(KNOWN)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["1", "KONK", KNOWN]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(["names", "companyForms", "companySituations", "businessId"]),
        json_values
        | st.lists(
            st.dictionaries(
                st.sampled_from(["name", "type", "version", "endDate", "registrationDate", "descriptions"]),
                json_values,
                max_size=5,
            ),
            max_size=3,
        ),
    )
)
def test_whatever_stands_in_an_answer_it_is_a_company_or_no_answer(fields: dict[str, Any]) -> None:
    answer = listed({"businessId": {"value": KNOWN}} | fields)
    try:
        found = company_register._company(answer, KNOWN)
    except RegisterUnavailable:
        return
    assert found is not None
    assert found.name is None or found.name.strip()


# --- Its pace


def test_two_requests_keep_their_distance(lying: LyingRegister) -> None:
    slow = CompanyRegister(lying.address, interval=0.3)
    for _ in range(3):
        slow.find(KNOWN)
    moments = [at for _, at in lying.asked]
    assert min(later - earlier for earlier, later in pairwise(moments)) >= 0.28


def test_a_process_takes_at_most_a_fifth_of_what_all_users_may() -> None:
    assert 60 / INTERVAL_SECONDS <= 300 / 5


def test_it_says_who_asks(lying: LyingRegister, register: CompanyRegister) -> None:
    register.find(KNOWN)
    assert [agent.startswith("SIEPP") for agent in lying.agents] == [True]


def test_it_is_left_alone_for_as_long_as_it_asks(lying: LyingRegister, register: CompanyRegister) -> None:
    lying.status, lying.headers = 429, {"Retry-After": "3600"}
    with pytest.raises(RegisterUnavailable) as first:
        register.find(KNOWN)
    assert first.value.retry_after == timedelta(hours=1)
    lying.status = 200
    with pytest.raises(RegisterUnavailable, match="resting"):
        register.find(KNOWN)
    assert len(lying.asked) == 1


def test_when_the_time_is_over_it_is_asked_again(lying: LyingRegister, register: CompanyRegister) -> None:
    lying.knows(company())
    lying.status, lying.headers = 503, {"Retry-After": "1"}
    with pytest.raises(RegisterUnavailable):
        register.find(KNOWN)
    lying.status = 200
    time.sleep(1.05)
    assert register.find(KNOWN) is not None


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("86400", timedelta(days=1)),
        ("99999999999999999999", timedelta(days=1)),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-5", None),
        ("", None),
        ("٣", None),
    ],
)
def test_what_it_asks_for_is_believed_within_reason(
    lying: LyingRegister, register: CompanyRegister, said: str, wait: timedelta | None
) -> None:
    assert company_register._retry_after({"retry-after": said}) == wait


# --- Its address


def settings(address: str) -> str | None:
    return load_settings({"SIEPP_SECRET_KEY": "x" * 32, "SIEPP_COMPANY_REGISTER_URL": address}).company_register


def test_without_an_address_nobody_is_asked() -> None:
    assert settings("") is None


@pytest.mark.parametrize("address", ["https://avoindata.prh.fi/opendata-ytj-api/v3", "http://localhost:8080/v3"])
def test_an_address_stands_as_it_is_but_for_a_slash_at_its_end(address: str) -> None:
    assert settings(f" {address}/ ") == address


@pytest.mark.parametrize(
    "address",
    [
        "avoindata.prh.fi",
        "http://avoindata.prh.fi/opendata-ytj-api/v3",
        "https://",
        "https://avoindata.prh.fi/v3?businessId=1",
        "https://avoindata.prh.fi/v3#top",
        "https://user:secret@avoindata.prh.fi/v3",
        "https://[avoindata",
        "https://avoindata.prh.fi:port/v3",
        "ftp://avoindata.prh.fi",
        "file:///etc/hosts",
    ],
)
def test_another_address_stops_the_start_with_a_sentence_that_names_the_variable(address: str) -> None:
    with pytest.raises(SettingWrong, match=r"^SIEPP_COMPANY_REGISTER_URL must be .*\.$"):
        settings(address)
