"""`python -m events …` is `yingbin …`."""

from events.cli import main

if __name__ == "__main__":
    main()
