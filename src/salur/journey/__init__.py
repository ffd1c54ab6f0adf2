"""Which verb follows which event: the whole machine on one page, and its worker."""
