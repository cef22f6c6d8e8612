"""What leaves the desk as a file: lists and cases as typed tables. No Qt: bytes in, bytes out."""
