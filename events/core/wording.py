"""What a refusal is called, in English; the catalogues have the rest. `{…}` is filled from its parameters."""

SENTENCES = {
    "refused": "This cannot be done.",
    "malformed": "The request could not be understood.",
    "unauthenticated": "Please sign in first.",
    "wrong_password": "E-mail address or password is not right.",
    "link_used": "This sign-in link has been used or is too old. Ask for a new one.",
    "forbidden": "Your role does not include this.",
    "cross_site": "This form was sent from another site. Open the page again and repeat.",
    "not_found": "There is nothing at this address.",
    "unknown_account": "There is no account with this address.",
    "unknown_token": "There is no such token.",
    "method_not_allowed": "This address does not take that.",
    "conflict": "This stands against what is already recorded.",
    "duplicate_email": "This e-mail address is already in use.",
    "slug_taken": "This short name is taken: {slug}",
    "full": "All places are taken.",
    "invitation_only": "Registration is by invitation only.",
    "registration_over": "Registration is closed.",
    "undo_expired": "The time for undoing is over. Ask a lead.",
    "already_undone": "This scan has been undone already.",
    "stale": "Somebody changed this in the meantime. Look at the new state and repeat.",
    "too_large": "This is too much at once.",
    "invalid": "Please check the marked fields.",
    "too_many": "Too many attempts. Wait {retry_after_s} seconds and try again.",
    "unavailable": "The service is busy. Please try again in a moment.",
    "broken": "Something went wrong on our side. It has been recorded; please try again.",
    "gate_taken": "This gate name is taken: {name}",
    "unknown_gate": "This gate does not exist.",
    "device_revoked": "This device has been withdrawn. Ask a lead to pair it again.",
    "pairing_used": "This pairing code has been used or is too old. Ask a lead for a new one.",
    "wrong_pin": "This PIN is not right.",
    "pin_taken": "This PIN is taken. Choose another.",
    "name_taken": "This name is taken: {name}",
    "steward_needed": "A lead has to sign on first.",
    "cannot_print": "No installed font can draw: {characters}",
}

FIELD_SENTENCES = {
    "missing": "Please fill this in.",
    "too_long": "This is too long.",
    "not_text": "This must be text.",
    "unreadable": "This contains characters that cannot be read.",
    "emoji": "Please write this without emoji: they cannot be printed on a badge.",
    "stale": "Somebody changed this in the meantime. Your entries are still here: compare them with the new state.",
    "email": "This does not look like an e-mail address.",
    "phone": "This does not look like a phone number. Begin with + and the country code.",
    "timezone": "This is not a time zone.",
    "not_offered": "Please choose one of the list.",
    "not_valid": "This is not a valid entry.",
    "unknown_field": "This field does not exist.",
    "ends_before_start": "The end must be after the beginning.",
    "consent": "Please agree to the privacy notice.",
    "slug_taken": "This short name is taken.",
    "duplicate_email": "Another guest has this e-mail address.",
    "password_short": "Use 12 characters or more.",
}


def field_sentences(codes: dict[str, str]) -> dict[str, str]:
    """What is wrong with each field, in English."""
    return {field: FIELD_SENTENCES.get(code, FIELD_SENTENCES["not_valid"]) for field, code in codes.items()}
