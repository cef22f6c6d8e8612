"""演練: a living practice city and the replay of real records, through the real door."""
