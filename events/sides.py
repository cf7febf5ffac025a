"""What the people of one hosting side see of the other side's guests: names and arrivals, and no way to reach them.

Called by everybody who shows or exports guests. Whoever works for no side in particular sees everything.
"""

from dataclasses import replace

from events.core.auth import Principal
from events.core.errors import Forbidden
from events.forms import GuestForm
from events.models import Guest

_WITHHELD = ("email", "phone", "liaison", "liaison_name", "liaison_phone", "code")
"""How a guest is reached, and the ticket that opens their pass, where the same stands."""


def discreet(guest: Guest, principal: Principal) -> Guest:
    """The guest as the principal may see them."""
    return guest if principal.sees_contacts(guest.side) else replace(guest, **dict.fromkeys(_WITHHELD, ""))


def require_own(guest: Guest, principal: Principal) -> None:
    """Raises Forbidden for a guest whom the other side looks after."""
    if not principal.sees_contacts(guest.side):
        raise Forbidden("other_side")


def place(form: GuestForm, principal: Principal) -> GuestForm:
    """The form with the principal's own side where it names none; raises Forbidden where it names the other."""
    if not principal.side:
        return form
    if form.side not in {"", principal.side}:
        raise Forbidden("other_side")
    return form.model_copy(update={"side": principal.side})
