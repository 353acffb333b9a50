"""Examines those the service depends on: the mail server and the identity provider."""

from app.config import Settings
from app.jobs.doctor.findings import Findings, look, well, wrong
from app.jobs.doctor.settings import is_own_computer
from app.sources.providers import Provider, ProviderAway
from notifications.senders import SendError, SmtpSender, SmtpSettings

STEP_SECONDS, WHOLE_SECONDS = 10.0, 20.0


def mail(settings: Settings) -> Findings:
    about = "Mail server"
    if settings.smtp is None:
        yield look(about, "SIEPP_SMTP_URL is not set: mails are written to files, and reach nobody.")
        return
    yield from _encryption(settings.smtp)
    sender = SmtpSender(settings.smtp, step_timeout=STEP_SECONDS, whole_timeout=WHOLE_SECONDS)
    try:
        sender.greet()
    except SendError as error:
        yield wrong(about, f"It cannot be used: {error.reason}. Mend SIEPP_SMTP_URL, or ask who keeps the server.")
    else:
        login = " and takes the user name and password" if settings.smtp.user else ""
        yield well(about, f"{settings.smtp.host}:{settings.smtp.port} answers{login}.")


def _encryption(smtp: SmtpSettings) -> Findings:
    if smtp.tls == "none" and not is_own_computer(smtp.host):
        yield wrong(
            "Mail server", f"Mails go to {smtp.host} unencrypted: add ?tls=starttls to SIEPP_SMTP_URL, or use smtps://."
        )


def identity_provider(provider: Provider | None) -> Findings:
    about = "Identity provider"
    if provider is None:
        return
    from app.sources import oidc  # as late as here: see sources/providers.py

    try:
        oidc.reach(provider)
    except ProviderAway as error:
        yield wrong(about, f"{provider.issuer} cannot be used ({error}): compare SIEPP_OIDC_ISSUER with what it names.")
    else:
        yield well(about, f"{provider.issuer} answers and names itself so.")
