"""`make bench`: every figure beside its limit or its yardstick, from one run."""

import platform

from benchmarks import badges, checkins, door_under_load, manifest


def main() -> None:
    """Prints all figures."""
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}\n")
    checkins.main()
    print()
    door_under_load.main()
    print()
    manifest.main()
    print()
    badges.main()


if __name__ == "__main__":
    main()
