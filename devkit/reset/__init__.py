"""Reset: the namespace emptied and made anew, and everything in it verified."""
