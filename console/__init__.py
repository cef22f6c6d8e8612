"""The workstation of a person on duty: panes over one replica, one bridge to the network."""
