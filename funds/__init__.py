"""Where the money is, how it comes in and how it leaves."""
