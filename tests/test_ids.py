from events.core.ids import Role, new_id


def test_an_id_is_a_uuid_of_the_seventh_version() -> None:
    made = new_id()

    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_ten_thousand_ids_sort_in_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(10_000)]

    assert made == sorted(set(made))
    assert [each.hex for each in made] == sorted(each.hex for each in made)


def test_the_roles_are_those_of_the_sign_in_and_the_command_line() -> None:
    assert [role.value for role in Role] == ["admin", "organiser", "steward", "protocol"]
