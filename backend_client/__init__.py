"""The public Python client of the case server: session, replica and link, without Qt."""
