"""The text for a contract's supplier: the one that goes with the owner's mails, for whoever looks at the page."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.services import holding, mails
from app.services.acting import Act
from notifications.messages import Contact, SupplierText
from notifications.render import ForwardableText, mailto, supplier_text


@dataclass(frozen=True, slots=True)
class TextForSupplier:
    """The text in the supplier's language; `contact` is who gets it, `link` opens it in the mail program, both None
    where no contact with an address is known. `reference` and `title` name the contract."""

    reference: str
    title: str
    written: ForwardableText
    contact: Contact | None
    link: str | None


def text_for_supplier(session: Session, contract_id: str, page_url: str, act: Act) -> TextForSupplier:
    """What is owed, by when someone must start, who helps; signed by the actor. Raises NotFound outside their units."""
    held = holding.find(session, contract_id, act.actor)
    state = mails.contract_state(session, held.id, act.actor.language, page_url, None, act.today)
    written = supplier_text(SupplierText(sender_name=act.actor.name, state=state))
    contact = state.supplier_contact
    link = None if contact is None else mailto(contact, written)
    return TextForSupplier(held.contract.reference, state.title, written, contact, link)
