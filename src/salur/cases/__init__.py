"""Cases, voices and referrals: the verbs that write what happened to a matter."""
