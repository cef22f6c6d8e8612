"""批量處理: one act on several cases, each its own command to its own stream."""
