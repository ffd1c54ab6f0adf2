"""`python -m salur.config` is the command line."""

from salur.config.cli import main

if __name__ == "__main__":
    main()
