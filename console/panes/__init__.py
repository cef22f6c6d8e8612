"""The panes of the desk: columns, acts and wiring. A pane asks and never decides."""
