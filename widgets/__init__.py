"""Qt widgets that know nothing of a case, the network or a rule."""
